"""Screen text in the signs that the decoder knows."""

from __future__ import annotations

FOLDED = {  # signs outside ASCII as the decoder gets them; the rest is lost (the daemon's screenTextChoice.ts does the same)
    '…': '...', '→': '->', '✓': 'v', '✔': 'v', '✗': 'x', '✕': 'x', '✖': 'x', '×': 'x', '•': '*', '›': '>', '❯': '>', '➜': '>', '’': "'", '“': '"', '”': '"', '–': '-', '—': '-',
}  # fmt: skip
