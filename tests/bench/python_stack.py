# SPDX-License-Identifier: Apache-2.0
"""python_stack.py MODEL CORPUS.jsonl THREADS: the job that alkfw does as one would write it in Python:
transformers for the activations of overlapping windows, a scikit-learn probe on their means, the
highest window as a text's score. The probe is fitted on noise: what it has learnt does not change
its speed. Figures go to standard output."""
import json
import resource
import sys
import time

BATCH = 32


def main():
    begin = time.process_time()
    import numpy
    import torch
    from sklearn.linear_model import LogisticRegression
    from transformers import AutoModel, AutoTokenizer

    model_directory, corpus, threads = sys.argv[1], sys.argv[2], int(sys.argv[3])
    torch.set_num_threads(threads)
    torch.set_grad_enabled(False)
    tokenizer = AutoTokenizer.from_pretrained(model_directory)
    model = AutoModel.from_pretrained(model_directory).eval()
    with open(corpus, encoding="utf-8") as file:
        texts = [json.loads(line)["text"] for line in file]

    def features(part):
        encoded = tokenizer(
            part, truncation=True, max_length=128, stride=30, padding=True,
            return_overflowing_tokens=True, return_tensors="pt",
        )
        owner = encoded.pop("overflow_to_sample_mapping").numpy()
        states = model(**encoded).last_hidden_state
        mask = encoded["attention_mask"][..., None]
        means = ((states * mask).sum(1) / mask.sum(1)).numpy()
        return means, owner, int(mask.sum())

    probe = LogisticRegression(max_iter=10)
    generator = numpy.random.default_rng(1)
    probe.fit(generator.normal(size=(64, model.config.hidden_size)), numpy.arange(64) % 2)
    loaded = time.process_time()
    n_tokens = 0
    for at in range(0, len(texts), BATCH):
        means, owner, n = features(texts[at : at + BATCH])
        scores = probe.predict_proba(means)[:, 1]
        worst = numpy.zeros(owner.max() + 1)
        numpy.maximum.at(worst, owner, scores)
        n_tokens += n
    end = time.process_time()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"cpu_ms {1e3 * end:.3f} load_ms {1e3 * (loaded - begin):.3f} "
        f"run_ms {1e3 * (end - loaded):.3f} tokens {n_tokens} rss_mb {peak:.1f}"
    )


if __name__ == "__main__":
    main()
