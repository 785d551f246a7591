"""Every knob of the live-tiny pipeline, one frozen dataclass per concern.

Nothing here runs anything. Scripts derive their command line from these classes (`training/train.py`), so a
value is changed in one place or with `--field value`, never with a literal inside the code.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).parent
RUNS = ROOT / '.runs'
PACK = ROOT / 'live-tiny'

# --- tokens and template -----------------------------------------------------------------------

SPECIAL_TOKENS = (
    '<s>', '</s>', '<|user|>', '<|assistant|>', '<|frame|>', '<|screen|>', '<|next|>', '<|pad|>',
)  # fmt: skip
BOS, EOS, USER, ASSISTANT, FRAME, SCREEN, NEXT, PAD = range(8)

# Appended behind all merges, so that the ids of an older vocabulary stay what they were.
REGIONS = ('editor', 'terminal', 'tree', 'tabs', 'breadcrumbs', 'statusBar', 'browser', 'slide', 'dialog', 'popup', 'other')
REGION_MARKS = {region: f'<|{region}|>' for region in REGIONS}
REFERENCES = tuple(f'<|{number}|>' for number in range(1, 25))  # of the rows before an answer, the first one is 1
LATE_TOKENS = (*REGION_MARKS.values(), *REFERENCES)


@dataclass(frozen=True)
class TokenizerConfig:
    """Byte-level BPE: 8 special tokens, 256 bytes, then merges; the late tokens come on top."""

    vocabulary_size: int = 2048
    sessions: int = 1500  # how many generated sessions the merges are counted on
    path: Path = ROOT / 'tokenizer.json'


DEFAULT_SEAMS = {
    'begin>stream': '<s>',
    'begin>user': '<s><|user|>',
    'stream>stream': '<|next|>',
    'stream>assistant': '<|assistant|>',
    'stream>user': '<|user|>',
    'user>assistant': '</s><|assistant|>',
    'user>stream': '</s>',
    'user>user': '</s><|user|>',
    'assistant>stream': '</s>',
    'assistant>user': '</s><|user|>',
}


LIST_PROMPTS = {
    'commands': 'Which commands were run?',
    'files': 'Which files were touched?',
    'errors': 'Which errors appeared?',
}


REFUSAL = {'bias': 0.542, 'notSeen': 0.627, 'relevance': 2.14}  # `python -m evaluation.evaluate refusal`


@dataclass(frozen=True)
class StreamConfig:
    """What the runtime must know to lay out a stream; written into the manifest as it is."""

    frame_rate_fps: float = 2.0
    frame_tokens: int = 4  # embedding rows per frame, after its screen text
    max_lines: int = 24  # new screen lines per frame; beyond that the first head_lines and the last ones
    head_lines: int = 12
    max_line_chars: int = 96
    max_reply_tokens: int = 48
    silence_threshold: float = 0.35  # silent iff P(<|next|>) >= this; of the shipped pack: `python -m evaluation.evaluate calibrate`
    request_silence_threshold: float = 0.35  # the same while a request of the user's own is in force
    min_reply_likelihood: float = 0.5  # a reply whose tokens are less likely (geometric mean) is withheld; the same run gives it
    quote: str = '`'  # around what guidance takes from the screen
    recent_lines: int = 120  # given to the decoder last: guidance may quote these
    not_seen_reply: str = 'Not seen in this video.'
    summary_prompt: str = 'Summarize what happened.'
    title_prompt: str = 'Name this part.'
    list_prompts: dict[str, str] = field(default_factory=lambda: dict(LIST_PROMPTS))
    max_references: int = 3  # of an answer, best first
    max_list_references: int = 8  # of the answer to a list prompt
    max_row_chars: int = 96  # of a row before a question; twenty-four of them leave room for the answer
    not_seen_threshold: float = 0.5  # the reply is not_seen_reply iff its share of the first token's probability is at least this
    refusal: dict[str, float] = field(default_factory=lambda: dict(REFUSAL))  # refused iff bias + notSeen · logit(that share) - relevance · (the best row's words and retriever score) is at least 0
    instruction: str = 'Narrate the coding session.'  # what a plain watch begins with
    context_tokens: int = 2048  # positions the runtime keeps; training covers the same length
    seams: dict[str, str] = field(default_factory=lambda: dict(DEFAULT_SEAMS))


# --- decoder -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class DecoderConfig:
    """A llama decoder, laid out exactly as llama.cpp computes the architecture."""

    vocabulary_size: int = TokenizerConfig.vocabulary_size + len(LATE_TOKENS)
    width: int = 192
    layers: int = 4
    heads: int = 3
    feed_forward: int = 512  # multiple of 32, so that Q8_0 can store it
    rope_base: float = 1_000_000.0  # slow pairs stay coherent over the whole window
    norm_epsilon: float = 1e-5
    context_tokens: int = 2048
    vision_width: int = 192  # width of the encoder's features before the projector
    frame_tokens: int = 4
    projector_width: int = 64


@dataclass(frozen=True)
class MimeticConfig:
    """Strengths of the hand-built induction circuit the decoder starts from (decoder/network.py)."""

    embedding_std: float = 0.05
    constant_channel: float = 4.0  # value of channel 0 after RMSNorm
    look_back_logit: float = 44.0  # attention logit of "one token back" and "two tokens back" in layer 0
    look_back_gain: float = 2.0  # how strongly what is seen there is written, in units of an embedding
    pairs: int = 5  # rotary pairs that look back; matching uses the slower rest
    match_logit: float = 7.0  # gain of "the token before that one equals mine"
    second_match_weight: float = 0.8  # the same for the token before, relative to it
    copy_gain: float = 0.6  # how strongly the matched token is written to the output
    seed: int = 7


@dataclass(frozen=True)
class DecoderTrainConfig:
    """One phase of decoder training; phase 2 differs only in the fields set on the command line."""

    name: str = 'phase1'
    retriever: str = ''  # checkpoint that orders a question's rows, beside the words; empty: the words alone
    rank_doubt: float = 0.5  # of the questions: by the words alone all the same. On real recordings the best hit is right far less often than here (.93 and .87 of held-out questions)
    resume_pack: str = ''  # folder of a pack to go on from when there is no checkpoint; its projector stays as it is, as its encoder does
    resume: str = ''  # checkpoint to start from ('' = mimetic initialisation)
    fit_projector: bool = False  # at the start, to the stored features
    look_at_previous_frame: bool = False  # at the start: rewire a head to show what changed (decoder/network.py)
    minutes: float = 60.0  # wall time of the whole schedule
    tokens_per_batch: int = 900
    learning_rate: float = 5e-4  # at 1e-3 the induction start is destroyed within 200 steps
    warmup_steps: int = 120
    constant_fraction: float = 0.75  # of the schedule; then linear decay to final_fraction
    final_fraction: float = 0.05
    weight_decay: float = 0.05
    gradient_clip: float = 1.0
    bfloat16: bool = True
    seed: int = 0
    # what a decoder that starts from nothing is like (evaluation/designs.py compares)
    width: int = DecoderConfig.width
    layers: int = DecoderConfig.layers
    heads: int = DecoderConfig.heads
    feed_forward: int = DecoderConfig.feed_forward
    has_induction: bool = True  # starts with the hand-built circuit
    has_text: bool = True  # frames bring their new lines
    has_pictures: bool = True  # frames bring their rows; without, rows of zeros
    # mixture
    drill_fraction: float = 0.13
    recall_fraction: float = 0.17
    session_recall_fraction: float = 0.15  # of the recall examples: on simulated sessions instead of the corpus
    watched_recall_fraction: float = 0.2  # the same, on all that the session has shown so far, as the search proposes it
    crop_fraction: float = 0.25  # of the streams: start in the middle, as after eviction
    idle_fraction: float = 0.16  # of the streams with simulated rows: nothing happens that is worth a word
    part_fraction: float = 0.3  # of the streams with simulated rows: the video shows a part of the desktop
    uninstructed_fraction: float = 0.12  # of the narrated streams: no instruction means narrate
    brief_fraction: float = 0.3  # of the streams: several conversations about what happens in a session, with little in between
    brief_text_share: float = 0.12  # of the frames with new text on which nothing happens that are kept there
    brief_still_share: float = 0.03  # of the frames without
    condensed_fraction: float = 0.6  # of the streams: most frames that bring nothing left out, more events per token
    feature_fraction: float = 0.0  # of the streams: frames from the stored encoder features
    feature_folder: str = 'features'  # in .runs, written by `python -m training.features`; FOLDER-test is used for evaluation
    recorded_fraction: float = 0.0  # of all: sessions recorded in the real editor
    recorded_folder: str = ''  # path of the recordings with their frames.jsonl (training/recorded.py); empty: none
    # loss weights
    stream_weight: float = 3.0  # a frame's decision, against 1 for each token of a reply
    speak_weight: float = 6.0  # the same where a reply is due, which is rare
    reply_weight: float = 1.0
    rare_weight: float = 2.0  # tokens of alerts and of answers
    less_weight: float = 0.25  # tokens of a sentence that names nothing because a name could not be read
    verdict_weight: float = 0.4  # a reference's "bears on the question", against 1 for each token of an answer
    choice_weight: float = 3.0  # the first token of an answer: which row, or that none does
    listwise_weight: float = 0.5  # one question's choice among its references' verdicts, against a batch's mean of all else
    screen_weight: float = 0.1  # screen text: keeps the copy heads fed with evidence
    # bookkeeping
    most_steps: int = 0  # end after so many steps instead of `minutes`; 0: by time
    log_steps: int = 50
    checkpoint_minutes: float = 4.0
    processes: int = 1  # one a core; each takes its own examples, gradients are averaged
    threads: int = 1  # of each process
    device: str = ''  # empty: a GPU when there is one


@dataclass(frozen=True)
class EvaluateConfig:
    """How replies are matched with steps; the same window everywhere."""

    early_seconds: float = 1.0
    late_seconds: float = 3.0
    character_error_rate: float = 0.01
    miss_rate: float = 0.02


# --- simulated screen: when a line that was read becomes text for the decoder (screen/reading.py) ----------


@dataclass(frozen=True)
class ScreenTextConfig:
    """The emission rule; limits on number and length of lines are StreamConfig's."""

    stable_frames: int = 2  # consecutive frames with the same reading at the same place
    same_place_heights: float = 0.6  # a line's centre may move this many line heights
    gone_frames: int = 2  # missing for this many frames = gone; back again = new
    row_heights: float = 0.5  # centres closer than this share a row
    min_confidence: float = 0.5


# --- vision encoder (vision/encoder.py) -----------------------------------------------------------------------


@dataclass(frozen=True)
class VisionConfig:
    """A small convolutional encoder: a 256x144 picture becomes `frame_tokens` rows of `feature_width`."""

    width: int = 256
    height: int = 144
    mean: tuple[float, float, float] = (127.0, 127.0, 127.0)  # of 0..255 values
    std: tuple[float, float, float] = (64.0, 64.0, 64.0)
    channels: tuple[int, ...] = (16, 32, 64, 64, 128, 128, 192, 192)
    strides: tuple[int, ...] = (2, 2, 2, 1, 2, 1, 1, 1)  # 144x256 -> 9x16
    trunk: str = 'convolutions'  # or 'patches', a transformer over squares of 16 pixels (vision/designs.py)
    frame_tokens: int = 4
    feature_width: int = 192


@dataclass(frozen=True)
class VisionTrainConfig:
    """Auxiliary training of the encoder on what the picture shows."""

    name: str = 'vision'
    cpu_minutes: float = 8.0  # of the whole schedule, process time; a run with the same name resumes
    batch_size: int = 24
    learning_rate: float = 1.5e-3
    warmup_steps: int = 50
    constant_fraction: float = 0.5  # of the schedule; then linear decay to final_fraction
    final_fraction: float = 0.03
    weight_decay: float = 0.02
    gradient_clip: float = 5.0
    bfloat16: bool = True
    views_per_session: int = 14
    shuffle_pictures: int = 500  # size of the buffer that mixes sessions
    reuse: int = 3  # times each painted picture is used
    flip_share: float = 0.6  # of the views get random states (debugging, test bar, theme ...), so that rare ones are learned
    checkpoint_minutes: float = 2.0
    evaluate_pictures: int = 400
    seed: int = 1
    threads: int = 1


# --- text reader (reader/recogniser.py; its lines: reader/lines.py, reader/line_crop.py) -----------------------------------------------------------


@dataclass(frozen=True)
class ReaderTrainConfig:
    """Shape and training of the line recogniser."""

    channels: tuple[int, int, int, int, int] = (24, 48, 64, 96, 144)
    dilations: tuple[int, ...] = (1, 2, 4, 8, 1, 2)  # context of about 30 frames to either side: settles C/c, O/o, l/1
    minutes: float = 95.0  # wall time, over all resumed runs
    peak_rate: float = 1.5e-3  # from a trained reader; 2.5e-3 from nothing
    warm_up_steps: int = 80
    weight_decay: float = 1e-3
    batch_columns: int = 15_000  # padded input columns per step, about 32 lines
    pool: int = 512  # lines sorted by width before they are cut into batches
    passes: int = 2  # over each pool: drawing a line costs a third of a step
    centres_only_steps: int = 500
    average_decay: float = 0.998  # of the averaged weights, per step
    centre_weight: float = 0.3  # of the loss, once CTC has joined
    blank_weight: float = 0.6
    seed: int = 1


# --- region classifier (reader/regions.py) ----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class RegionTrainConfig:
    """Shape and training of the network that says where lines stand."""

    width: int = 96
    layers: int = 3
    heads: int = 4
    sign_width: int = 64
    epochs: int = 12
    screens_per_batch: int = 16
    peak_rate: float = 2e-3
    weight_decay: float = 0.02
    dropped_lines: float = 0.15  # most of a screen's lines that are left out, as those that were not read
    masked_signs: float = 0.1  # share of the signs that are not known, and of the lines of which none is
    stretch: float = 0.1  # how much larger, smaller or aside a screen is at most, as a share
    colour_noise: float = 0.02  # of papers, and …
    contrast: float = 0.3  # … how much a whole screen's colours are squeezed at most
    masked_looks: float = 0.1  # share of the screens without gutters, fonts or colours
    seed: int = 1


# --- networks over hashed features of texts (recall/text_network.py) ---------------------------------------------------------------


@dataclass(frozen=True)
class TextNetworkTrainConfig:
    """Shape and training that all of them have."""

    buckets: int = 8192  # of hashed features; the first stands for none
    width: int = 64
    hidden: int = 128
    max_features: int = 128  # of a text; the rest is left out
    steps: int = 1500
    batch: int = 48
    learning_rate: float = 3e-3
    weight_decay: float = 1e-4
    feature_dropout: float = 0.35
    seed: int = 3


@dataclass(frozen=True)
class RetrieverTrainConfig(TextNetworkTrainConfig):
    """Of what tells which rows a question may mean, beside the words that they share (recall/retriever.py)."""

    steps: int = 1500  # more, and it knows the generator's rows by heart: real screens are told worse from 3000 on
    batch: int = 48  # questions, each with the rows of its example
    feature_dropout: float = 0.35  # with less it knows the generator's rows by heart
    region_dropout: float = 0.5  # regions of real screens are told wrongly, too


@dataclass(frozen=True)
class MatcherTrainConfig(TextNetworkTrainConfig):
    """Of what tells whether a sentence fulfils a standing request (recall/matcher.py)."""

    width: int = 48
    hidden: int = 96
    sessions: int = 1200  # whose events are told
    steps: int = 3500
    batch: int = 24  # requests
    sentences: int = 8  # for each
    feature_dropout: float = 0.15
    seed: int = 5
