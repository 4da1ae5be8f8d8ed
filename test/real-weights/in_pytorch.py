"""What PyTorch makes of a real causal model. Needs torch, transformers, peft, safetensors.

python in_pytorch.py numbers MODEL FILE             writes answers, loss and gradient of three sentences with a prompt inside
python in_pytorch.py peft MODEL ADAPTER FACTS       prints the loss of each fact behind the prompt that PEFT loads
python in_pytorch.py times MODEL BATCH ROUNDS       prints the best seconds of opening, of a query and of a tuning step

`numbers` has the keys of ../fixtures/architectures (see make_architectures.py), and `table`. FACTS is JSON: [{"text", "label"}].
BATCH is JSON: {"ids": [[…]], "labels": […], "vectors": m}; -1 - r is row r of the prompt, the last token of a row answers.
"""
import json
import sys
import time

import torch
from safetensors.torch import save_file
from transformers import AutoModelForCausalLM, AutoTokenizer

IGNORED = 0


def opened(folder):
    return AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32).eval().requires_grad_(False)


def padded(rows):
    longest = max(map(len, rows))
    ids = torch.tensor([row + [IGNORED] * (longest - len(row)) for row in rows])
    attention = torch.tensor([[1] * len(row) + [0] * (longest - len(row)) for row in rows])
    return ids, attention, torch.tensor([len(row) - 1 for row in rows])


def answers(model, ids, attention, positions, prompt):
    """Logits [n, V] at the positions; negative ids are rows of the prompt [m, e]."""
    table = torch.cat([model.get_input_embeddings().weight, prompt.flip(0)])
    embedded = torch.nn.functional.embedding(torch.where(ids < 0, table.shape[0] + ids, ids), table)
    hidden = model.model(inputs_embeds=embedded, attention_mask=attention, use_cache=False).last_hidden_state
    return model.lm_head(hidden[torch.arange(len(ids)), positions])


def numbers(folder, file):
    model, tokenizer = opened(folder), AutoTokenizer.from_pretrained(folder)
    torch.manual_seed(5)
    width = model.get_input_embeddings().weight.shape[1]
    prompt = (torch.randn(4, width) * model.get_input_embeddings().weight.std()).requires_grad_()
    texts = ["The capital of France is", "A whale is a mammal that lives in the", "She was born in Vienna and wrote in"]
    labels = torch.tensor([tokenizer(word).input_ids[0] for word in (" Paris", " sea", " German")])
    ids, attention, positions = padded([[-1, -2, -3, -4] + tokenizer(text).input_ids for text in texts])
    logits = answers(model, ids, attention, positions, prompt)
    loss = torch.nn.functional.cross_entropy(logits, labels)
    loss.backward()
    found = dict(table=model.get_input_embeddings().weight, prompt=prompt, ids=ids, attention=attention, positions=positions,
                 labels=labels, answers=logits, loss=loss.reshape(1), gradient=prompt.grad)
    save_file({name: tensor.detach().float().contiguous() for name, tensor in found.items()}, file)


def peft(folder, adapter, facts):
    from peft import PeftModel
    tokenizer = AutoTokenizer.from_pretrained(folder)
    model = PeftModel.from_pretrained(opened(folder), adapter).eval()
    losses = []
    for fact in json.load(open(facts)):
        with torch.no_grad():
            logits = model(**tokenizer(fact["text"], return_tensors="pt")).logits[0, -1]
        label = tokenizer(" " + fact["label"]).input_ids
        losses.append(-torch.log_softmax(logits, 0)[label[0]].item() if len(label) == 1 else None)
    print(json.dumps(losses))


def best(rounds, run):
    run()
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        run()
        times.append(time.perf_counter() - start)
    return min(times)


def times(folder, file, rounds):
    start = time.perf_counter()
    model = opened(folder)
    AutoTokenizer.from_pretrained(folder)
    opening = time.perf_counter() - start
    batch = json.load(open(file))
    ids, attention, positions = padded(batch["ids"])
    labels = torch.tensor(batch["labels"])
    prompt = (torch.randn(batch["vectors"], model.config.hidden_size) * 0.1).requires_grad_()

    def query():
        with torch.no_grad():
            answers(model, ids, attention, positions, prompt)

    def step():
        prompt.grad = None
        torch.nn.functional.cross_entropy(answers(model, ids, attention, positions, prompt), labels).backward()

    print(json.dumps(dict(opening=opening, query=best(int(rounds), query), step=best(int(rounds), step))))


{"numbers": numbers, "peft": peft, "times": times}[sys.argv[1]](*sys.argv[2:])
