"""The six studies and the five sections each of them has."""

from dataclasses import dataclass

SECTIONS = ("index", "baseline", "robustness", "mechanisms", "spatial")


@dataclass(frozen=True)
class Study:
    """One paper.

    Attributes
    ----------
    slug : folder of its chapters and stem of its files in ``data/published``
    open_data : True when the paper's own data ship with the book, so that digits must match
    """

    slug: str
    authors: str
    year: int
    title: str
    panel: str
    design: str
    open_data: bool = False

    @property
    def label(self) -> str:
        """Authors and year, as cited in running text."""
        return f"{self.authors} ({self.year})"


STUDIES = {
    study.slug: study
    for study in (
        Study(
            "open_benchmark", "Li, Chen, She, Chen & Xu", 2026,
            "How innovative industrial clusters affect entrepreneurship in Chinese cities",
            "284 cities, 2009-2024", "staggered DID, spatial Durbin", open_data=True,
        ),
        Study(
            "cluster_pilot", "Li & Wei", 2025,
            "How can innovative industrial clusters improve new quality productive forces?",
            "277 cities, 2011-2022", "staggered DID, IV, moderation, spatial DID",
        ),
        Study(
            "dual_pilot", "Zhang & Ma", 2025,
            "How digital infrastructure and innovative-industry promotion policies drive new quality productive forces",
            "275 cities, 2011-2021", "two policies and their overlap, DML, mediation",
        ),
        Study(
            "digital_agglomeration", "Zhao, Jiang & Xu", 2026,
            "Digital industry agglomeration and the development of new quality productive forces",
            "280 cities, 2013-2022", "two-way FE, IV, ITCV/RIR, spatial Durbin",
        ),
        Study(
            "industrial_agglomeration", "Ye", 2024,
            "Industrial agglomeration and new quality productive forces",
            "31 provinces, 2010-2022", "two-way FE, system GMM, misallocation",
        ),
        Study(
            "innovative_city", "An, Huang & Li", 2026,
            "Theoretical mechanisms and practical pathways of innovative city construction empowering"
            " new quality productive forces",
            "278 cities, 2004-2023", "staggered DID, moderation",
        ),
    )
}  # fmt: skip


def study(slug: str) -> Study:
    """Return the study of that slug, or say which slugs exist."""
    if slug not in STUDIES:
        raise ValueError(f"unknown study {slug!r}; the studies are {', '.join(STUDIES)}")
    return STUDIES[slug]
