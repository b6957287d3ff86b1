# SPDX-License-Identifier: Apache-2.0
"""export_onnx.py MODEL FILE: writes the encoder of a directory of the Hub as FILE, and with 8-bit
weights and dynamically quantised activations as FILE.int8."""
import sys

import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from transformers import AutoModel


class Encoder(torch.nn.Module):
    def __init__(self, directory):
        super().__init__()
        self.model = AutoModel.from_pretrained(
            directory, attn_implementation="eager", dtype=torch.float32
        ).eval()

    def forward(self, ids, mask):
        return self.model(input_ids=ids, attention_mask=mask).last_hidden_state


def main():
    model, path = sys.argv[1:]
    ids = torch.randint(1000, 29999, (2, 16))
    axes = {0: "windows", 1: "tokens"}
    torch.onnx.export(
        Encoder(model),
        (ids, torch.ones_like(ids)),
        path,
        dynamo=False,
        input_names=["ids", "mask"],
        output_names=["states"],
        opset_version=14,
        dynamic_axes={"ids": axes, "mask": axes, "states": axes},
    )
    quantize_dynamic(path, path + ".int8", weight_type=QuantType.QInt8)


if __name__ == "__main__":
    main()
