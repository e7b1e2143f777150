"""Where each thing of the catalogue stands on the site, and the types of files that are served as they are."""

COURSE_URL = "/courses/{slug}"
COURSE_LESSON_URL = "/courses/{slug}/{lesson}"
COURSE_QUIZ_URL = "/courses/{slug}/quiz"
UNIT_URL = "/months/{month}"
UNIT_LESSON_URL = "/months/{month}/lesson"
UNIT_QUIZ_URL = "/months/{month}/quiz"
UNIT_FILM_URL = "/months/{month}#film"
UNIT_PRACTICE_URL = "/months/{month}#practice"
PAGE_URL = "/pages/{slug}"
MEDIA_URL = "/media/{digest}/{name}"

MEDIA_TYPES = {
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".webp": "image/webp",
    ".mp4": "video/mp4",
    ".webm": "video/webm",
    ".vtt": "text/vtt; charset=utf-8",
    ".pdf": "application/pdf",
}
