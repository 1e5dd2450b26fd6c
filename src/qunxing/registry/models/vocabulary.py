"""The words by which models and filings are sorted."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Modality(models.TextChoices):
    TEXT = "text", _("text")
    IMAGE = "image", _("image")
    AUDIO = "audio", _("audio")
    VIDEO = "video", _("video")
    MULTIMODAL = "multimodal", _("multimodal")
    CODE = "code", _("code")
    THREE_D = "3d", _("3D")
    EMBODIED = "embodied", _("embodied")
    SCIENCE = "science", _("science")
    TIME_SERIES = "series", _("time series")


class Task(models.TextChoices):
    """What a model is made to do; one may do several."""

    DIALOGUE = "dialogue", _("dialogue")
    WRITING = "writing", _("writing and summaries")
    TRANSLATION = "translation", _("translation")
    QUESTIONS = "questions", _("search and question answering")
    REASONING = "reasoning", _("reasoning and mathematics")
    CODING = "coding", _("programming")
    AGENT = "agent", _("agents and tool use")
    RECOGNITION = "recognition", _("recognition and understanding of images")
    IMAGE_MAKING = "image_making", _("image generation")
    VIDEO_MAKING = "video_making", _("video generation")
    SPEECH_RECOGNITION = "speech_recognition", _("speech recognition")
    SPEECH_MAKING = "speech_making", _("speech synthesis")
    MUSIC = "music", _("music generation")
    DIGITAL_HUMAN = "digital_human", _("digital humans")
    RECOMMENDATION = "recommendation", _("recommendation and ranking")
    FORECASTING = "forecasting", _("forecasting and decisions")
    CONTROL = "control", _("robot control and driving")
    MEDICINE = "medicine", _("medicine and health")
    EDUCATION = "education", _("education")
    FINANCE = "finance", _("finance")
    LAW = "law", _("law and administration")
    INDUSTRY = "industry", _("industry and engineering")
    DISCOVERY = "discovery", _("scientific discovery")


class Openness(models.TextChoices):
    OPEN = "open", _("open weights")
    API = "api", _("API only")
    CLOSED = "closed", _("closed")


class FilingKind(models.TextChoices):
    FILED = "filed", _("generative AI filing (备案)")
    REGISTERED = "registered", _("generative AI registration (登记)")
    ALGORITHM = "algorithm", _("algorithm filing (算法备案)")


class Authority(models.TextChoices):
    NATIONAL = "national", _("Cyberspace Administration of China")
    PROVINCIAL = "provincial", _("provincial cyberspace administration")


class Precision(models.TextChoices):
    """How much of a day is known; the rest of it is filled with the first."""

    DAY = "day", _("day")
    MONTH = "month", _("month")
    YEAR = "year", _("year")


class AlgorithmClass(models.TextChoices):
    SYNTHESIS = "synthesis", _("generation and deep synthesis")
    PUSH = "push", _("personalised push")
    RANKING = "ranking", _("ranking and selection")
    RETRIEVAL = "retrieval", _("retrieval and filtering")
    FILTERING = "filtering", _("content filtering")
    SCHEDULING = "scheduling", _("scheduling and decisions")


class AlgorithmRole(models.TextChoices):
    PROVIDER = "provider", _("service provider")
    SUPPORTER = "supporter", _("technical supporter of a service")


class Region(models.TextChoices):
    """Provinces by the first two digits of GB/T 2260; central enterprises file through the 国资委, as a region of their own."""

    CENTRAL = "00", _("central enterprises (国资委)")
    BEIJING = "11", _("Beijing")
    TIANJIN = "12", _("Tianjin")
    HEBEI = "13", _("Hebei")
    SHANXI = "14", _("Shanxi")
    INNER_MONGOLIA = "15", _("Inner Mongolia")
    LIAONING = "21", _("Liaoning")
    JILIN = "22", _("Jilin")
    HEILONGJIANG = "23", _("Heilongjiang")
    SHANGHAI = "31", _("Shanghai")
    JIANGSU = "32", _("Jiangsu")
    ZHEJIANG = "33", _("Zhejiang")
    ANHUI = "34", _("Anhui")
    FUJIAN = "35", _("Fujian")
    JIANGXI = "36", _("Jiangxi")
    SHANDONG = "37", _("Shandong")
    HENAN = "41", _("Henan")
    HUBEI = "42", _("Hubei")
    HUNAN = "43", _("Hunan")
    GUANGDONG = "44", _("Guangdong")
    GUANGXI = "45", _("Guangxi")
    HAINAN = "46", _("Hainan")
    CHONGQING = "50", _("Chongqing")
    SICHUAN = "51", _("Sichuan")
    GUIZHOU = "52", _("Guizhou")
    YUNNAN = "53", _("Yunnan")
    TIBET = "54", _("Tibet")
    SHAANXI = "61", _("Shaanxi")
    GANSU = "62", _("Gansu")
    QINGHAI = "63", _("Qinghai")
    NINGXIA = "64", _("Ningxia")
    XINJIANG = "65", _("Xinjiang")
    TAIWAN = "71", _("Taiwan")
    HONG_KONG = "81", _("Hong Kong")
    MACAO = "82", _("Macao")
