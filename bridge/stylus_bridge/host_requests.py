"""HostRequests: what a host asked for, as render requests (see ``stylus_bridge.services.RequestBuilder``)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from stylus_bridge.folders.job_file import JobFile
from stylus_daw.jobs.job import STEM_FILE, Origin, RenderRequest
from stylus_daw.presets.requests import PresetRequests


@dataclass(frozen=True, slots=True, kw_only=True)
class HostRequests:
    """Turns job folders and the short form into requests of the presets they name.

    Attributes:
        requests: makes them.
        jobs_folder: where the short form's stems go, each in a folder of its own.
    """

    requests: PresetRequests
    jobs_folder: Path

    def build(self, job: JobFile, folder: Path) -> RenderRequest:
        preset = self.requests.presets.get(job.preset)
        request = self.requests.request(
            preset,
            source=Path(job.source),
            stem=folder / STEM_FILE,
            region=job.to_region(),
            settings=job.overridden(preset.to_settings()),
            origin=Origin(client=job.client, project=job.project, track=job.track, preset=preset.name),
            allows_missing_plugins=job.allow_missing_plugins,
        )
        return replace(request, styles=job.with_parts(request.styles))

    def build_short(self, job_id: str, wav: Path, preset: str) -> RenderRequest:
        found = self.requests.presets.get(preset)
        folder = self.jobs_folder / job_id
        return self.requests.request(
            found,
            source=wav,
            stem=folder / STEM_FILE,
            region=None,
            settings=found.to_settings(),
            origin=Origin(client="osc", preset=found.name),
        )
