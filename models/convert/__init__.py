"""Published streaming models made into packs: weights merged and written for llama.cpp and onnxruntime, and the proof that they compute the same."""
