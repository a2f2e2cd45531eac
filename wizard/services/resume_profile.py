"""Which profile a start with a resume file uses: one that is here already, never a new one."""

from __future__ import annotations

from pathlib import Path

from wizard.core.trouble import Code, Trouble
from wizard.services.options import Options
from wizard.services.profiles import choose_profile
from wizard.services.resume_file import ResumeFile

__all__ = ["profile_for"]

_NOT_HERE = frozenset({Code.PROFILE_NOT_FOUND, Code.PROFILE_NOT_CHOSEN, Code.PROFILE_INVALID})


def profile_for(resume: ResumeFile, options: Options, config: Path) -> str:
    """What to name to `choose_profile`: '' where the obvious profile is the file's own.

    A profile that is named with the file has to be the file's. Else it is the one in use here
    if that is the file's, or the one of this id that is shipped or that an administrator laid
    down. Raises `Trouble(RESUME_FILE_OTHER_PROFILE)`, and what `choose_profile` raises for a
    profile that is named, or that policy forbids.
    """
    name = options.resume.name if options.resume is not None else ""
    if _id_of(options.profile, options, config) == resume.profile_id:
        return options.profile
    if not options.profile:
        try:
            if _id_of(resume.profile_id, options, config) == resume.profile_id:
                return resume.profile_id
        except Trouble as trouble:
            if trouble.code not in _NOT_HERE:
                raise
    raise Trouble(Code.RESUME_FILE_OTHER_PROFILE, file=name, profile=resume.profile_id)


def _id_of(named: str, options: Options, config: Path) -> str:
    """The id of a profile; '' where none is chosen yet, or the last one is gone."""
    try:
        return choose_profile(named, config, confirmed=options.trust_profile).id
    except Trouble as trouble:
        if named or trouble.code not in _NOT_HERE:
            raise
        return ""
