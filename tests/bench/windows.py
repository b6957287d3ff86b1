# SPDX-License-Identifier: Apache-2.0
"""windows.py MODEL CORPUS.jsonl: the windows that alkfw scores, as token ids, a window a line."""
import json
import sys

from transformers import AutoTokenizer


def main():
    tokenizer = AutoTokenizer.from_pretrained(sys.argv[1])
    with open(sys.argv[2], encoding="utf-8") as file:
        for line in file:
            encoded = tokenizer(
                json.loads(line)["text"], truncation=True, max_length=128, stride=30,
                return_overflowing_tokens=True,
            )
            for ids in encoded["input_ids"]:
                print(*ids)


if __name__ == "__main__":
    main()
