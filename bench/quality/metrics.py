"""How far a result is from the truth, in figures.

Every figure compares the mid signals (mean of the channels), the result brought to the truth's RMS
level. No figure can be trusted alone: copying the style wins some of them, and is not music.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

import librosa
import numpy as np
from numpy.typing import NDArray
from scipy.fft import next_fast_len

from bench.hearing.multipitch import FFT, HOP, Pitches, jaccard_distance, pitch_sets
from stylus_daw.audio.clip import Clip

MEL = {"n_fft": 2048, "hop_length": 512, "n_mels": 128, "fmin": 30.0, "fmax": 16_000.0}
RANGE_DB, SOUNDING_DB = 70.0, 40.0
MFCCS = 20
LAG_S = 0.5

Array = NDArray[np.float32]


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """One result, measured; each field is defined by the function of its name.

    Attributes:
        lsd_db, timbre, pitch: distances to the truth, lower is better.
        chroma, onset: likenesses to the truth, higher is better.
        lag: samples that the result is late against the content.
    """

    lsd_db: float
    timbre: float
    chroma: float
    onset: float
    pitch: float
    lag: int


METRICS = tuple(field.name for field in fields(Figures) if field.name != "lag")
HIGHER_IS_BETTER = frozenset({"chroma", "onset"})


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Features:
    """What the metrics look at.

    Attributes:
        mel_db: ``[128, frames]``, no lower than 70 dB below the truth's maximum.
        chroma: ``[12, long frames]``, energy of the pitch classes.
        power: ``[long frames]``.
        pitches: ``[pitches, long frames]``.
    """

    mel_db: Array
    chroma: Array
    power: Array
    pitches: Pitches


class Judge:
    """Knows the truth and the content of one pair, and measures results against them."""

    def __init__(self, content: Clip, truth: Clip) -> None:
        self._content, self._truth = content.mid(), truth.mid()
        self._rate = truth.rate
        self._floor_db = float(_mel_db(self._truth, self._rate).max()) - RANGE_DB
        self.truth = self._features(self._truth)

    def measure(self, result: Clip) -> Figures:
        """All figures of a result of the truth's rate and length."""
        mid = result.mid()
        heard = self._features(at_level_of(mid, self._truth))
        return Figures(
            lsd_db=lsd_db(heard, self.truth),
            timbre=timbre(heard, self.truth),
            chroma=chroma(heard, self.truth),
            onset=onset(heard, self.truth, self._rate),
            pitch=jaccard_distance(heard.pitches, self.truth.pitches),
            lag=lag(mid, self._content, self._rate),
        )

    def _features(self, mid: Array) -> Features:
        magnitudes = np.abs(librosa.stft(mid, n_fft=FFT, hop_length=HOP))
        classes = librosa.feature.chroma_stft(S=magnitudes**2, sr=self._rate, n_fft=FFT, tuning=0.0, norm=None)
        return Features(
            mel_db=np.maximum(_mel_db(mid, self._rate), self._floor_db),
            chroma=classes,
            power=(magnitudes**2).sum(axis=0),
            pitches=pitch_sets(magnitudes, self._rate),
        )


def at_level_of(signal: Array, reference: Array) -> Array:
    """The signal with the RMS level of the reference; silence stays silence."""
    own, wanted = (float(np.sqrt(np.mean(np.square(s, dtype=np.float64)))) for s in (signal, reference))
    return (signal * (wanted / own)).astype(np.float32) if own > 0 else signal


def lsd_db(heard: Features, truth: Features) -> float:
    """Log-mel spectral distance: RMS over the bands of the difference in dB, mean over the frames."""
    difference = heard.mel_db - truth.mel_db
    return float(np.sqrt(np.square(difference).mean(axis=0)).mean())


def timbre(heard: Features, truth: Features) -> float:
    """Euclidean distance of the means and standard deviations over time of MFCC 1 to 19."""
    one, other = (_mfcc_statistics(features.mel_db) for features in (heard, truth))
    return float(np.linalg.norm(one - other))


def chroma(heard: Features, truth: Features) -> float:
    """Cosine of the pitch-class energies, mean over the frames within 40 dB of the truth's loudest.

    A frame in which the result is silent counts 0.
    """
    sounding = truth.power > truth.power.max() * 10 ** (-SOUNDING_DB / 10)
    one, other = heard.chroma[:, sounding].astype(float), truth.chroma[:, sounding].astype(float)
    norms = np.linalg.norm(one, axis=0) * np.linalg.norm(other, axis=0)
    return float(((one * other).sum(axis=0) / np.maximum(norms, 1e-30)).mean())


def onset(heard: Features, truth: Features, rate: int) -> float:
    """Pearson correlation of the onset strengths (positive spectral flux of the mel image)."""
    one, other = (
        librosa.onset.onset_strength(S=features.mel_db, sr=rate, hop_length=MEL["hop_length"])
        for features in (heard, truth)
    )
    if one.std() == 0 or other.std() == 0:
        return float(one.std() == other.std())
    return float(np.corrcoef(one, other)[0, 1])


def lag(result: Array, content: Array, rate: int) -> int:
    """Samples by which the result is late against the content, within half a second.

    The peak of the cross-correlation with whitened magnitudes (GCC-PHAT): exact for whatever shapes
    the content's spectrum and keeps its phase, without meaning for anything else.
    """
    size = next_fast_len(result.size + content.size, real=True)
    cross = np.fft.rfft(result, size) * np.conj(np.fft.rfft(content, size))
    magnitude = np.abs(cross)
    correlation = np.fft.irfft(cross / (magnitude + 1e-6 * magnitude.max() + 1e-30), size)
    reach = min(round(LAG_S * rate), result.size - 1)
    around_zero = np.concatenate([correlation[-reach:], correlation[: reach + 1]])
    return int(around_zero.argmax()) - reach


def _mel_db(mid: Array, rate: int) -> Array:
    power = librosa.feature.melspectrogram(y=mid, sr=rate, power=2.0, **MEL)
    return (10.0 * np.log10(np.maximum(power, 1e-12))).astype(np.float32)


def _mfcc_statistics(mel_db: Array) -> Array:
    coefficients = librosa.feature.mfcc(S=mel_db, n_mfcc=MFCCS)[1:]
    return np.concatenate([coefficients.mean(axis=1), coefficients.std(axis=1)])
