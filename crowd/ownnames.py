"""What languages call themselves that CLDR, by which others are named, has no locale of."""

from collections.abc import Mapping

OWN_NAMES: Mapping[str, str] = {
    "ary": "الدارجة", "arz": "مصري", "pcm": "Naijá", "ach": "Lwo", "lgg": "Lugbarati", "ber": "Tamaziɣt",
    "din": "Thuɔŋjäŋ", "kr": "Kanuri", "fuv": "Fulfulde", "tiv": "Tiv", "efi": "Efịk", "ibb": "Ibibio", "bin": "Ẹ̀dó",
    "igl": "Igala", "tum": "Chitumbuka", "yao": "Chiyao", "loz": "Silozi",
    "tw": "Twi", "fat": "Fante", "dag": "Dagbanli", "bci": "Baoulé",
    "mos": "Mooré", "dyu": "Julakan", "sus": "Sosoxui", "men": "Mɛnde yia", "tem": "Kʌthemnɛ", "kri": "Krio",
    "kg": "Kikongo", "lua": "Tshiluba", "ktu": "Kituba", "suk": "Kisukuma",
    "hne": "छत्तीसगढ़ी", "awa": "अवधी", "mag": "मगही", "bhb": "भीली",
    "gon": "गोंडी",
    "tcy": "ತುಳು", "syl": "ꠍꠤꠟꠐꠤ", "pnb": "پنجابی", "haz": "هزارگی", "prs": "دری",
    "ksw": "ကညီကျိာ်", "kac": "Jinghpaw", "hil": "Hiligaynon", "ilo": "Ilokano", "war": "Winaray",
    "min": "Minangkabau", "ban": "Basa Bali", "bug": "Basa Ugi", "ace": "Acèh", "tet": "Tetun",
    "nah": "Nāhuatl", "yua": "Maaya t’aan",
}  # fmt: skip
