"""Makes tiny random checkpoints of exactly the layout of each Stable Diffusion: all parts, few channels."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import torch
from diffusers.models.autoencoders.autoencoder_kl import AutoencoderKL
from diffusers.models.unets.unet_2d_condition import UNet2DConditionModel
from transformers import CLIPTextConfig, CLIPTextModel, CLIPTextModelWithProjection

UNET: dict[str, Any] = {
    "sample_size": 8,
    "block_out_channels": (8, 16, 16, 16),
    "down_block_types": ("CrossAttnDownBlock2D", "CrossAttnDownBlock2D", "CrossAttnDownBlock2D", "DownBlock2D"),
    "up_block_types": ("UpBlock2D", "CrossAttnUpBlock2D", "CrossAttnUpBlock2D", "CrossAttnUpBlock2D"),
    "cross_attention_dim": 16,
    "attention_head_dim": 2,
    "norm_num_groups": 4,
}
SECOND: dict[str, Any] = {**UNET, "attention_head_dim": (2, 2, 4, 4), "use_linear_projection": True}
XL: dict[str, Any] = {
    **SECOND,
    "block_out_channels": (8, 16, 16),
    "down_block_types": ("DownBlock2D", "CrossAttnDownBlock2D", "CrossAttnDownBlock2D"),
    "up_block_types": ("CrossAttnUpBlock2D", "CrossAttnUpBlock2D", "UpBlock2D"),
    "attention_head_dim": (2, 2, 4),
    "transformer_layers_per_block": (1, 1, 2),
    "cross_attention_dim": 32,
    "addition_embed_type": "text_time",
    "addition_time_embed_dim": 8,
    "projection_class_embeddings_input_dim": 6 * 8 + 16,
}
VAE: dict[str, Any] = {
    "block_out_channels": (4, 4, 8, 8),
    "down_block_types": ("DownEncoderBlock2D",) * 4,
    "up_block_types": ("UpDecoderBlock2D",) * 4,
    "norm_num_groups": 4,
    "latent_channels": 4,
}
SCHEDULER: dict[str, Any] = {
    "_class_name": "PNDMScheduler",
    "beta_start": 0.00085,
    "beta_end": 0.012,
    "beta_schedule": "scaled_linear",
    "num_train_timesteps": 1000,
}
TEXT: dict[str, Any] = {
    "vocab_size": 300,
    "hidden_size": 16,
    "intermediate_size": 16,
    "num_hidden_layers": 2,
    "num_attention_heads": 2,
    "max_position_embeddings": 77,
    "projection_dim": 16,
    "bos_token_id": 0,
    "eos_token_id": 2,
}
UNETS = {"sd-1.5": UNET, "riffusion": UNET, "sd-2.1-base": SECOND, "sd-2.1": SECOND, "sdxl": XL}
MARKS = {"start": 52, "end": 53, "pad": 53}


def make(folder: Path, family: str = "sd-1.5", **index: Any) -> Path:
    """Writes the checkpoint and returns its folder; ``index`` goes into its ``model_index.json``."""
    torch.manual_seed(0)
    UNet2DConditionModel(**UNETS[family]).save_pretrained(folder / "unet")
    vae = AutoencoderKL(**VAE, scaling_factor=0.13025 if family == "sdxl" else 0.18215)
    vae.save_pretrained(folder / "vae")
    encoders = _save_text_encoders(folder, family)
    (folder / "scheduler").mkdir()
    scheduler = {**SCHEDULER, "prediction_type": "v_prediction" if family == "sd-2.1" else "epsilon"}
    (folder / "scheduler" / "scheduler_config.json").write_text(json.dumps(scheduler))
    (folder / "empty_prompt.json").write_text(json.dumps(dict.fromkeys(encoders, MARKS)))
    kind = "StableDiffusionXLPipeline" if family == "sdxl" else "StableDiffusionPipeline"
    parts = {"unet": "UNet2DConditionModel", "vae": "AutoencoderKL", "text_encoder": "CLIPTextModel"}
    names = {name: ["diffusers", part] for name, part in parts.items()}
    (folder / "model_index.json").write_text(json.dumps({"_class_name": kind, **names, **index}))
    return folder


def _save_text_encoders(folder: Path, family: str) -> list[str]:
    activation = "gelu" if family.startswith("sd-2") else "quick_gelu"
    CLIPTextModel(CLIPTextConfig(**TEXT, hidden_act=activation)).save_pretrained(folder / "text_encoder")
    _tokenizer(folder / "tokenizer")
    if family != "sdxl":
        return ["text_encoder"]
    second = CLIPTextModelWithProjection(CLIPTextConfig(**TEXT, hidden_act="gelu"))
    second.save_pretrained(folder / "text_encoder_2")
    _tokenizer(folder / "tokenizer_2")
    return ["text_encoder", "text_encoder_2"]


def _tokenizer(folder: Path) -> None:
    folder.mkdir()
    letters = [chr(c) for c in range(97, 123)]
    words = letters + [f"{letter}</w>" for letter in letters] + ["<|startoftext|>", "<|endoftext|>"]
    (folder / "vocab.json").write_text(json.dumps({word: number for number, word in enumerate(words)}))
    (folder / "merges.txt").write_text("#version: 0.2\n")
    config = {
        "tokenizer_class": "CLIPTokenizer",
        "model_max_length": 77,
        "bos_token": "<|startoftext|>",
        "eos_token": "<|endoftext|>",
        "pad_token": "<|endoftext|>",
        "unk_token": "<|endoftext|>",
    }
    (folder / "tokenizer_config.json").write_text(json.dumps(config))
