"""An, Huang & Li (2026): the columns of its tables by specification, each for index and three blocks."""

STUDY = "innovative_city"
UNITS, PERIODS, POLICY_YEARS = 278, 20, 16
SIZE = ("text.N_CITIES.n", "text.YEAR_START.other", "text.YEAR_END.other")
OUTCOMES = ("Pro", "Lab", "Mea", "Obj")
COMPONENTS = OUTCOMES[1:]
LEVELS = tuple(f"t1.c1.W_{name}.weight" for name in COMPONENTS)
BLOCKS = {
    "Lab": ("EDU", "MAS", "SCH", "LP", "RDA", "RDE"),
    "Mea": ("ROB", "AIF", "CAB", "BBP", "ENI", "WAT"),
    "Obj": ("SEI", "CLU", "PWR", "PEC", "CO2", "GAS"),
}
# columns of Pro, Lab, Mea, Obj on all rows, by specification
PLAIN = ("t2.c1", "t2.c3", "t2.c5", "t2.c7")
CONTROLS = ("t2.c2", "t2.c4", "t2.c6", "t2.c8")
NIGHT_LIGHTS = ("t4.c1", "t4.c3", "t4.c5", "t4.c7")
BRANDS = ("t4.c2", "t4.c4", "t4.c6", "t4.c8")
MODERATED = {
    name: tuple(f"{table}.c{i}" for i in range(1, 5))
    for name, table in (("Hum", "t5"), ("Dig", "t6"), ("Ind", "t7"))
}
RADIUS = ("t3.c1", "t3.c3", "t3.c5", "t3.c7")
NEAREST = ("t3.c2", "t3.c4", "t3.c6", "t3.c8")
