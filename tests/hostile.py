"""E28: text that means harm, or only looks like it. All of it must be shown as it is.

More than three hundred payloads, made from parts: what runs, where it hides,
how it is dressed. None contains a control character: those are refused.
"""

from itertools import product

RUNS = ("alert(1)", "fetch('/rows')", "document.title='x'", "top.location='//x.example'")
TAGS = (
    "<script>{}</script>",
    "<ScRiPt>{}</ScRiPt>",
    "<img src=x onerror={}>",
    '<img src=x onerror="{}">',
    "<svg onload={}>",
    "<svg><script>{}</script></svg>",
    '<svg><a xlink:href="javascript:{}"><text x=20 y=20>klik</text></a></svg>',
    "<math><mtext><img src=x onerror={}></mtext></math>",
    "<body onload={}>",
    '<iframe srcdoc="<script>{}</script>"></iframe>',
    "<iframe src=javascript:{}></iframe>",
    "<details open ontoggle={}>",
    "<video><source onerror={}></video>",
    "<input autofocus onfocus={}>",
    "<form><button formaction=javascript:{}>x</button></form>",
    '<a href="javascript:{}">klik hier</a>',
    "<object data=javascript:{}>",
    "<embed src=javascript:{}>",
    "<base href=//x.example/><script src=a.js>{}</script>",
    '<meta http-equiv=refresh content="0;url=javascript:{}">',
    "<link rel=stylesheet href=data:,{}>",
    "<style>@import 'javascript:{}';</style>",
    "<template><script>{}</script></template>",
    '<noscript><p title="</noscript><img src=x onerror={}>">',
    "</textarea><script>{}</script>",
    "</title><script>{}</script>",
    "</script><script>{}</script>",
    "<!--<img src=--><img src=x onerror={}>",
    "<![CDATA[<script>{}</script>]]>",
    '"><script>{}</script>',
    "' onmouseover='{}",
    '" autofocus onfocus="{}',
    "javascript:{}",
    "data:text/html,<script>{}</script>",
    "{{{{constructor.constructor('{}')()}}}}",
    "${{{}}}",
    "{{% if 1 %}}{}{{% endif %}}",
    "&lt;script&gt;{}&lt;/script&gt;",
    "&#60;script&#62;{}&#60;/script&#62;",
    "\\u003cscript\\u003e{}\\u003c/script\\u003e",
    "<x onclick={}>",
    '<p style="background:url(javascript:{})">',
    "<div data-x='{}' hidden>",
    '<img src="x` `<script>{}</script>"` `>',
)
FORMULAS = [f"{sign}{rest}" for sign, rest in product("=+-@", (
    "1+1", "cmd|' /C calc'!A0", "HYPERLINK(\"https://x.example\",\"klik\")", "SUM(A1:A9)",
    "IMPORTXML(\"https://x.example\",\"//a\")",
))]  # fmt: skip
MARKUP = [
    "**vet** _schuin_ `code`", "[klik](javascript:alert(1))", "![x](https://x.example/pixel.png)",
    "https://x.example/?q=<script>", "www.x.example", "mailto:x@example.org", "tel:112",
    "<b>vet</b>", "&amp;", "&nbsp;", "&#x202e;", "%3Cscript%3E", "\\x3cscript\\x3e",
]  # fmt: skip
ODD = [
    "\u202eomgekeerd", "links \u2066verborgen\u2069 rechts", "\u200fשלום", "مرحبا كيف حالك",
    "nul\u200bbreed\u200c\u200d\ufeff", "p\u0430ypal (cyrillisch)", "раура1", "ｆｕｌｌｗｉｄｔｈ",
    "Z̴̡͎a̷͖l̸̰g̶̢o̶", "é vs e\u0301", "ﬁ ﬂ", "ß ẞ İ ı", "𝕳𝖊𝖑𝖕", "👩‍👩‍👧‍👦🏳️‍🌈🇳🇱", "🙈" * 500, "a" * 4000,
    "👍🏽" * 900, "\n\n\n.", "regel een\nregel twee\n\tingesprongen", "  spaties  ervoor en erna  ",
    "'; DROP TABLE conversations_message; --", "' OR '1'='1", "../../etc/passwd", "%00", "%n%s%x",
    "null", "undefined", "NaN", "true", "{}", "[]", "0", "-0", "1e309", "__proto__", "constructor",
    "\ud7ff\ue000", "\U0010ffff", "\u2028\u2029 regelscheiding", "\xa0 vast wit", "￼ object", "�",
    "CON", "aux.txt", "file:///etc/passwd", "\\\\server\\share", "<>\"'&`", "\"\"\"", "'''", "``",
]  # fmt: skip

PAYLOADS: list[str] = [
    *(tag.format(run) for tag, run in product(TAGS, RUNS)),
    *FORMULAS,
    *MARKUP,
    *ODD,
    *(f"hallo {tag.format('alert(1)')} tot zo" for tag in TAGS),
    *(tag.format("alert(1)").upper() for tag in TAGS),
]
