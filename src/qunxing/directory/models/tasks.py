"""What models are made to do and scenarios want done: the words by which the two are brought together."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Task(models.TextChoices):
    """What a model is made to do, or a scenario wants done; one may do several."""

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
