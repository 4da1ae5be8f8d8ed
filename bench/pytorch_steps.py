"""Seconds of a step in PyTorch, the shortest of several: what bench/pytorch.ts compares ours with.

`search`: a step of the paper's search at its size: anchors 17,230 x 1024, 5 vectors, a mask of 8,192 anchors each; the
cosines are those of Eq. 3 and 5 as they are written in PyTorch, anchors normalised in every step.
`tuning`: a step of a prompt on a model of BERT-base's sizes, 16 x 24 tokens, gradient to the prompt alone.
"""
import sys
import time

import torch
import torch.nn.functional as F

torch.manual_seed(0)


def shortest(steps, step):
    times = []
    for _ in range(steps):
        started = time.perf_counter()
        step()
        times.append(time.perf_counter() - started)
    return min(times)


def search():
    anchors = torch.randn(17230, 1024)
    codes = torch.randn(5, 17230)
    mask = torch.zeros_like(codes).scatter_(-1, codes.topk(8192, dim=-1).indices, 1.0)
    vectors = torch.randn(5, 1024, requires_grad=True)
    optimiser = torch.optim.Adam([vectors], lr=5e-3)

    def step():
        own = F.normalize(vectors, dim=-1) @ F.normalize(anchors, dim=-1).T * mask
        loss = 1 - F.cosine_similarity(own, codes * mask, dim=-1).mean()
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        loss.item()

    return shortest(12, step)


def tuning():
    width, layers, heads, inner, vocabulary = 768, 12, 12, 3072, 30522
    rows, length, count = 16, 24, 5
    layer = torch.nn.TransformerEncoderLayer(width, heads, inner, 0.0, "gelu", batch_first=True)
    model = torch.nn.TransformerEncoder(layer, layers)
    words = torch.nn.Embedding(vocabulary, width)
    dense, norm = torch.nn.Linear(width, width), torch.nn.LayerNorm(width)
    for module in (model, words, dense, norm):
        module.requires_grad_(False)
    ids = torch.randint(0, vocabulary, (rows, length))
    labels = torch.randint(0, vocabulary, (rows,))
    prompt = (0.02 * torch.randn(count, width)).requires_grad_(True)
    optimiser = torch.optim.AdamW([prompt], lr=3e-3)

    def step():
        x = words(ids).clone()
        x[:, 1 : 1 + count] = prompt
        answer = model(x)[:, length - 3]
        logits = norm(F.gelu(dense(answer))) @ words.weight.T
        loss = F.cross_entropy(logits, labels)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        loss.item()

    return shortest(6, step)


print({"search": search, "tuning": tuning}[sys.argv[1]]())
