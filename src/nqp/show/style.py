"""One house style: readable in greyscale and in the dark, English labels, fixed fonts."""

# Dark to light, so that the order survives greyscale; the first three also differ in hue for colour-blind readers.
PALETTE = ("#1b3a5c", "#c8642b", "#6f9c9b", "#b9a44c", "#c9ccd1")


def figure_style() -> None:
    """Set matplotlib's defaults for a chapter. Call it once, in the cell that imports."""
    import matplotlib as mpl
    import seaborn as sns

    sns.set_theme(context="notebook", style="ticks", palette=list(PALETTE))
    mpl.rcParams.update(
        {
            "figure.figsize": (8, 4.5),
            "figure.dpi": 110,
            "figure.facecolor": "white",
            "savefig.bbox": "tight",
            "axes.spines.top": False,
            "axes.spines.right": False,
            "axes.grid": True,
            "grid.color": "#e6e6e6",
            "axes.titlelocation": "left",
            "axes.titlesize": "medium",
            "font.family": "DejaVu Sans",
            "legend.frameon": False,
        }
    )
