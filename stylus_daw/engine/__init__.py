"""The restyling engine. torch and diffusers live here and nowhere else."""

import os

# oneDNN's AMX kernels die of an illegal instruction on some machines that announce AMX (seen with torch 2.13's
# oneDNN 3.12 under a hypervisor): a lost job for a little speed. It is read at the first operation, so it stands here;
# who sets it himself is not overruled.
os.environ.setdefault("ONEDNN_MAX_CPU_ISA", "AVX512_CORE_FP16")
