#!/bin/sh
# What this machine's graphics card does with our decoders: prints one table, see gpuCheck.md.
#   sh scripts/gpuCheck.sh [FOLDER]     # FOLDER also gets the table as gpu.md and gpu.json
set -eu
cd "$(dirname "$0")/../models"
folder=${1:-}
if ! python3 -c 'import torch, sys; sys.exit(not torch.cuda.is_available())' 2>/dev/null; then
  echo 'No graphics card was measured: python3 has no PyTorch that sees one.' >&2
  exit 1
fi
nvidia-smi --query-gpu=name,memory.total,driver_version --format=csv,noheader || true
date -u +%F
if [ -n "$folder" ]; then
  mkdir -p "$folder"
  python3 -m evaluation.gpu --json "$folder/gpu.json" | tee "$folder/gpu.md"
else
  python3 -m evaluation.gpu
fi
