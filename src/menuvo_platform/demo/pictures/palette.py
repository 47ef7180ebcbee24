"""The colours of the pictures: few, warm, and lit from the upper left."""

from typing import NamedTuple


class Tone(NamedTuple):
    """One stuff in the light: its colour, its shaded side and its lit side."""

    base: str
    shade: str
    light: str


INK = "#1d1b17"
TOMATO = "#b3261e"
HERB = "#2e6b3f"
WHITE = "#ffffff"

# Grounds, one for each family of dishes.
LINEN = "#efe5d3"
SAGE = "#d9e0c9"
CLAY = "#edd3bf"
MIST = "#d3dedd"
ROSE = "#f0d7d0"
HONEY = "#f3dfae"

# Table tops, under what is drawn from the front.
ROSE_TABLE = "#e3c3bb"
CLAY_TABLE = "#dfbd9f"

PORCELAIN = Tone("#fffdf8", "#e7dfd0", "#ffffff")
STONEWARE = Tone("#3d5552", "#2c403e", "#56716d")
BEECH = Tone("#d4a56d", "#b07f48", "#e3bf8e")
IRON = Tone("#3a3733", "#262320", "#55504a")
STEEL = Tone("#c9cbc8", "#9fa29e", "#eceeeb")

CRUMB = Tone("#dd9f43", "#b4742a", "#f0c274")
CRUST = Tone("#c98743", "#98592a", "#e2ad6d")
DOUGH = Tone("#f0d9a8", "#d6b374", "#faebc8")
NOODLE = Tone("#f2cf73", "#d3a244", "#fbe5a6")
POTATO = Tone("#f0cb68", "#cf9b3c", "#fae3a0")
FRY = Tone("#f2c04f", "#cf9230", "#fadd8c")
DUMPLING = Tone("#f1e2bf", "#d3bd8d", "#fbf3de")
RICE = Tone("#f6ecd2", "#dccdaa", "#fffaec")
CREAM = Tone("#fff6e2", "#e8d8b4", "#ffffff")
CHEESE = Tone("#f7d56b", "#dcac3a", "#fdeaa8")
BUTTER = Tone("#f9e08a", "#e2bd55", "#fff2bf")
YOLK = Tone("#f4ab2e", "#d88a17", "#fccf70")

ROAST = Tone("#8c4c2b", "#653219", "#b0714a")
STEAK = Tone("#7a3f2a", "#542718", "#9d614a")
SAUSAGE = Tone("#b9673a", "#8b4523", "#d8935f")
HAM = Tone("#b8473f", "#8c2f2d", "#d47a6e")
HAM_FAT = "#f5ddd0"
BACON = Tone("#c25c50", "#983c37", "#e39c8c")
POULTRY = Tone("#d8934b", "#a96227", "#ecb980")
SALMON = Tone("#ee8b66", "#d0694a", "#f9b498")
WHITEFISH = Tone("#f3e3c6", "#d4b98a", "#fdf6e7")
TROUT = Tone("#8f9a92", "#68746e", "#b9c2b8")
PRAWN = Tone("#f09a76", "#d4714f", "#fbc5ab")
GRAVY = Tone("#7d4421", "#5c2e13", "#a5683c")
MUSHROOM = Tone("#d9bd97", "#a98961", "#efdcc0")
MUSHROOM_CREAM = Tone("#e3cba1", "#c2a372", "#f2e2c3")
LENTIL = Tone("#8a6a3c", "#644a26", "#ab8a58")

LEAF = Tone("#5f9444", "#3f7034", "#8fbb63")
LETTUCE = Tone("#9cc25c", "#6f9c40", "#c4dc8d")
DEEP_LEAF = Tone("#3f7a3e", "#2a5a30", "#65a057")
CUCUMBER = Tone("#d5e5ad", "#5b8f45", "#edf4d6")
TOMATO_RED = Tone("#d5392c", "#a5231c", "#ec6b57")
BEETROOT = Tone("#8e2149", "#661534", "#b54a72")
RED_CABBAGE = Tone("#7c3160", "#591f45", "#a3588a")
PUMPKIN = Tone("#e88a27", "#c56c15", "#f6b25c")
CARROT = Tone("#e57f2e", "#bd601a", "#f3a765")
ONION = Tone("#c88fb0", "#96567f", "#ead0de")
LEMON = Tone("#f6d344", "#dfb322", "#fceca0")
LIME = Tone("#a6c74a", "#6f9a2f", "#d3e691")
SAUERKRAUT = Tone("#eadf9f", "#c8b868", "#f7f0c9")
CRANBERRY = Tone("#a51d2d", "#75101f", "#d04b58")
RASPBERRY = Tone("#cf2f55", "#9d1b3c", "#ea6d88")
CHERRY = Tone("#a3142b", "#740a1c", "#d8506a")
PLUM = Tone("#6a2f5c", "#481c40", "#96588a")
APPLE = Tone("#f3df97", "#d6bb5e", "#fcf2c9")
CHOCOLATE = Tone("#5b3220", "#3c1e12", "#80523a")
SPONGE = Tone("#6b3d26", "#4c2816", "#8d5a3d")
WALNUT = Tone("#b98a52", "#8a6133", "#d6b07d")
CARAMEL = Tone("#c9782a", "#96501a", "#e9a858")
VANILLA = Tone("#f9eab9", "#e2cb8a", "#fff7dc")
STRAWBERRY_ICE = Tone("#f2a5ac", "#d97f8b", "#fbcfd2")
CHOCOLATE_ICE = Tone("#83543a", "#613a26", "#a9795b")
ESPRESSO = Tone("#4a2715", "#331809", "#7a4827")
CREMA = Tone("#b9773c", "#925725", "#d8a264")
MILK_COFFEE = Tone("#c99c6c", "#a97b4c", "#e2c199")
