/** What can be asked for, and where it is: a command's options and all that it needs are loaded when it is called. */
import type { Command } from 'commander'

type Entry = { description: string; load: () => Promise<(command: Command) => void> }

export const commands: Readonly<Record<string, Entry>> = {
  models: {
    description: 'look into model folders',
    load: async () => (await import('./commands/models.ts')).addModelsCommands
  },
  graph: {
    description: 'look into the ONNX graphs of models',
    load: async () => (await import('./commands/graph.ts')).addGraphCommands
  },
  anchors: {
    description: 'find the words that models share',
    load: async () => (await import('./commands/anchors.ts')).addAnchorsCommands
  },
  prompts: {
    description: 'look into prompt files and convert them',
    load: async () => (await import('./commands/prompts.ts')).addPromptsCommands
  },
  tune: {
    description: "tune a prompt on a model (OptiPrompt's recipe) and write it to a file",
    load: async () => (await import('./commands/tune.ts')).addTuneCommand
  },
  evaluate: {
    description: 'query a model with prompts on a task and score its answers',
    load: async () => (await import('./commands/evaluate.ts')).addEvaluateCommand
  },
  refine: {
    description: 'tune a prompt on the target with the answers of the sources: no labels are looked at',
    load: async () => (await import('./commands/refine.ts')).addRefineCommand
  },
  transfer: {
    description: 'transfer prompts from one or more source models to a target',
    load: async () => (await import('./commands/transfer.ts')).addTransferCommand
  },
  baseline: {
    description: 'transfer a prompt by a baseline instead of the method; several sources are averaged',
    load: async () => (await import('./commands/baseline.ts')).addBaselineCommand
  },
  retrieval: {
    description:
      'check transfers between models without prompts or labels: are held-out anchors found again?',
    load: async () => (await import('./commands/retrieval.ts')).addRetrievalCommand
  },
  'suggest-sources': {
    description:
      'choose among sources without labels: the set whose transferred prompt answers as the sources do together',
    load: async () => (await import('./commands/suggest-sources.ts')).addSuggestSourcesCommand
  },
  project: {
    description: 'look into project files',
    load: async () => (await import('./commands/project.ts')).addProjectCommands
  },
  experiment: {
    description: 'compare methods on many models and tasks from one file',
    load: async () => (await import('./commands/experiment.ts')).addExperimentCommands
  },
  sample: {
    description:
      'transfer prompts between the small language models that ship with the project, and score them',
    load: async () => (await import('./commands/sample.ts')).addSampleCommand
  },
  doctor: {
    description:
      'show versions and devices, measure each device, and say what is missing; with a model, what it can do',
    load: async () => (await import('./commands/doctor.ts')).addDoctorCommand
  },
  verify: {
    description:
      'compare the engine with PyTorch: reference numbers of the method, or of every model of a folder',
    load: async () => (await import('./commands/verify.ts')).addVerifyCommand
  }
}
