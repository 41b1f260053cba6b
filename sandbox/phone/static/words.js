// The few texts of the phone itself. Everything else on the screen comes from the bot.

const table = {
  en: {
    online: "Online", slow: "Slow", offline: "Offline", connection: "Connection",
    offlineNote: "Offline: texts wait here, taps are lost", slowNote: "Slow connection",
    away: "No answer from the server. Trying again…", bot: "bot",
    start: "Start", message: "Message", send: "Send", commands: "Commands", attach: "Send a photo or a file",
    keyboard: "Keyboard", latest: "Newest messages", more: "More", close: "Close", ok: "OK",
    edited: "edited", waiting: "Waiting to be sent", sent: "Sent", photo: "Photo", voice: "Voice message", file: "File",
    play: "Play", pause: "Pause", lost: "You are offline: the tap is lost", noAnswer: "No answer",
    record: "Record a voice message", recording: "Recording", cancel: "Cancel",
    noMicrophone: "No microphone: allow it in the browser",
    refused: "That cannot be sent", counter: "Received and sent. Tap to start at zero",
    another: "Another person", block: "Block the bot", unblock: "Unblock the bot", phoneNumber: "Share my phone number",
    who: "Whose phone is this?", name: "First name", language: "Language of the phone", go: "Switch on",
  },
  sw: {
    online: "Mtandaoni", slow: "Polepole", offline: "Nje ya mtandao", connection: "Mtandao",
    offlineNote: "Nje ya mtandao: ujumbe unasubiri hapa, mibofyo inapotea", slowNote: "Mtandao wa polepole",
    away: "Seva haijibu. Inajaribu tena…", bot: "boti",
    start: "Anza", message: "Ujumbe", send: "Tuma", commands: "Amri", attach: "Tuma picha au faili",
    keyboard: "Kibodi", latest: "Ujumbe mpya zaidi", more: "Zaidi", close: "Funga", ok: "Sawa",
    edited: "imehaririwa", waiting: "Unasubiri kutumwa", sent: "Umetumwa", photo: "Picha", voice: "Ujumbe wa sauti", file: "Faili",
    play: "Cheza", pause: "Simamisha", lost: "Huna mtandao: mbofyo umepotea", noAnswer: "Hakuna jibu",
    record: "Rekodi ujumbe wa sauti", recording: "Inarekodi", cancel: "Ghairi",
    noMicrophone: "Maikrofoni haipatikani: iruhusu kwenye kivinjari",
    refused: "Haiwezi kutumwa", counter: "Zilizopokelewa na kutumwa. Gusa kuanza upya",
    another: "Mtu mwingine", block: "Zuia boti", unblock: "Ondoa kizuizi", phoneNumber: "Shiriki nambari yangu ya simu",
    who: "Simu hii ni ya nani?", name: "Jina la kwanza", language: "Lugha ya simu", go: "Washa",
  },
  ha: {
    online: "Akan layi", slow: "A hankali", offline: "Babu layi", connection: "Haɗi",
    offlineNote: "Babu layi: saƙonni suna jira a nan, taɓawa tana ɓacewa", slowNote: "Haɗin yana tafiya a hankali",
    away: "Sabar ba ta amsawa. Ana sake gwadawa…", bot: "bot",
    start: "Fara", message: "Saƙo", send: "Aika", commands: "Umarni", attach: "Aika hoto ko fayil",
    keyboard: "Madannai", latest: "Sababbin saƙonni", more: "Ƙari", close: "Rufe", ok: "To",
    edited: "an gyara", waiting: "Yana jiran aikawa", sent: "An aika", photo: "Hoto", voice: "Saƙon murya", file: "Fayil",
    play: "Kunna", pause: "Dakata", lost: "Babu layi: taɓawar ta ɓace", noAnswer: "Babu amsa",
    record: "Naɗi saƙon murya", recording: "Ana naɗi", cancel: "Soke",
    noMicrophone: "Babu makirufo: ba da izini a burauza",
    refused: "Ba za a iya aikawa ba", counter: "An karɓa kuma an aika. Taɓa don farawa daga sifili",
    another: "Wani mutum", block: "Toshe bot", unblock: "Buɗe bot", phoneNumber: "Raba lambar wayata",
    who: "Wayar wa ce wannan?", name: "Sunan farko", language: "Harshen waya", go: "Kunna",
  },
  am: {
    online: "መስመር ላይ", slow: "ቀርፋፋ", offline: "ከመስመር ውጭ", connection: "ግንኙነት",
    offlineNote: "ከመስመር ውጭ፦ ጽሑፎች እዚህ ይጠብቃሉ፣ ንክኪዎች ይጠፋሉ", slowNote: "ቀርፋፋ ግንኙነት",
    away: "አገልጋዩ አይመልስም። እንደገና በመሞከር ላይ…", bot: "ቦት",
    start: "ይጀምሩ", message: "መልእክት", send: "ይላኩ", commands: "ትእዛዞች", attach: "ፎቶ ወይም ፋይል ይላኩ",
    keyboard: "ቁልፎች", latest: "አዳዲስ መልእክቶች", more: "ተጨማሪ", close: "ይዝጉ", ok: "እሺ",
    edited: "ተስተካክሏል", waiting: "ለመላክ በመጠበቅ ላይ", sent: "ተልኳል", photo: "ፎቶ", voice: "የድምፅ መልእክት", file: "ፋይል",
    play: "ያጫውቱ", pause: "ያቁሙ", lost: "ከመስመር ውጭ ነዎት፦ ንክኪው ጠፍቷል", noAnswer: "መልስ የለም",
    record: "የድምፅ መልእክት ይቅረጹ", recording: "በመቅረጽ ላይ", cancel: "ይሰርዙ",
    noMicrophone: "ማይክሮፎን የለም፦ በአሳሹ ውስጥ ይፍቀዱ",
    refused: "ሊላክ አይችልም", counter: "የተቀበሉትና የላኩት። ከዜሮ ለመጀመር ይንኩ",
    another: "ሌላ ሰው", block: "ቦቱን ያግዱ", unblock: "እገዳውን ያንሱ", phoneNumber: "ስልክ ቁጥሬን ያጋሩ",
    who: "ይህ ስልክ የማን ነው?", name: "ስም", language: "የስልኩ ቋንቋ", go: "ያብሩ",
  },
  ar: {
    online: "متصل", slow: "بطيء", offline: "غير متصل", connection: "الاتصال",
    offlineNote: "غير متصل: الرسائل تنتظر هنا، والنقرات تضيع", slowNote: "اتصال بطيء",
    away: "الخادم لا يجيب. تجري المحاولة من جديد…", bot: "بوت",
    start: "البدء", message: "رسالة", send: "إرسال", commands: "الأوامر", attach: "إرسال صورة أو ملف",
    keyboard: "لوحة الأزرار", latest: "أحدث الرسائل", more: "المزيد", close: "إغلاق", ok: "حسنًا",
    edited: "معدّلة", waiting: "بانتظار الإرسال", sent: "أُرسلت", photo: "صورة", voice: "رسالة صوتية", file: "ملف",
    play: "تشغيل", pause: "إيقاف", lost: "لا يوجد اتصال: ضاعت النقرة", noAnswer: "لا جواب",
    record: "تسجيل رسالة صوتية", recording: "جارٍ التسجيل", cancel: "إلغاء",
    noMicrophone: "لا يوجد ميكروفون: اسمحوا به في المتصفح",
    refused: "لا يمكن إرسال هذا", counter: "المستلَم والمرسَل. اضغطوا للبدء من الصفر",
    another: "شخص آخر", block: "حظر البوت", unblock: "إلغاء حظر البوت", phoneNumber: "مشاركة رقم هاتفي",
    who: "لمن هذا الهاتف؟", name: "الاسم الأول", language: "لغة الهاتف", go: "تشغيل",
  },
  fr: {
    online: "En ligne", slow: "Lent", offline: "Hors ligne", connection: "Connexion",
    offlineNote: "Hors ligne : les textes attendent ici, les appuis sont perdus", slowNote: "Connexion lente",
    away: "Le serveur ne répond pas. Nouvel essai…", bot: "robot",
    start: "Démarrer", message: "Message", send: "Envoyer", commands: "Commandes", attach: "Envoyer une photo ou un fichier",
    keyboard: "Clavier", latest: "Derniers messages", more: "Plus", close: "Fermer", ok: "OK",
    edited: "modifié", waiting: "En attente d’envoi", sent: "Envoyé", photo: "Photo", voice: "Message vocal", file: "Fichier",
    play: "Écouter", pause: "Pause", lost: "Vous êtes hors ligne : l’appui est perdu", noAnswer: "Pas de réponse",
    record: "Enregistrer un message vocal", recording: "Enregistrement", cancel: "Annuler",
    noMicrophone: "Pas de micro : autorisez-le dans le navigateur",
    refused: "Envoi impossible", counter: "Reçu et envoyé. Toucher pour remettre à zéro",
    another: "Une autre personne", block: "Bloquer le robot", unblock: "Débloquer le robot", phoneNumber: "Partager mon numéro",
    who: "À qui est ce téléphone ?", name: "Prénom", language: "Langue du téléphone", go: "Allumer",
  },
  ko: {
    online: "온라인", slow: "느림", offline: "오프라인", connection: "연결",
    offlineNote: "오프라인: 글은 여기서 기다리고, 누른 버튼은 사라집니다", slowNote: "연결이 느립니다",
    away: "서버가 응답하지 않습니다. 다시 시도 중…", bot: "봇",
    start: "시작", message: "메시지", send: "보내기", commands: "명령어", attach: "사진이나 파일 보내기",
    keyboard: "키보드", latest: "최신 메시지", more: "더보기", close: "닫기", ok: "확인",
    edited: "수정됨", waiting: "전송 대기 중", sent: "전송됨", photo: "사진", voice: "음성 메시지", file: "파일",
    play: "재생", pause: "일시 정지", lost: "오프라인이라 누른 것이 사라졌습니다", noAnswer: "응답 없음",
    record: "음성 메시지 녹음", recording: "녹음 중", cancel: "취소",
    noMicrophone: "마이크를 쓸 수 없습니다. 브라우저에서 허용해 주세요",
    refused: "보낼 수 없습니다", counter: "받은 양과 보낸 양. 누르면 0부터 시작합니다",
    another: "다른 사람", block: "봇 차단", unblock: "봇 차단 해제", phoneNumber: "내 전화번호 공유",
    who: "누구의 전화기인가요?", name: "이름", language: "전화기 언어", go: "켜기",
  },
};

export const languages = {
  en: "English", sw: "Kiswahili", ha: "Hausa", am: "አማርኛ", ar: "العربية", fr: "Français", ko: "한국어",
  yo: "Yorùbá", ig: "Igbo", om: "Afaan Oromoo", so: "Soomaali", rw: "Ikinyarwanda", zu: "isiZulu",
  pt: "Português", es: "Español", hi: "हिन्दी", ur: "اردو",
};

const fromTheRight = new Set(["ar", "fa", "he", "ps", "ur"]);

const base = (code) => (code || "en").toLowerCase().split(/[-_]/)[0];

/** The phone's own texts in a language, or in English. */
export const wordsOf = (code) => table[base(code)] ?? table.en;

/** Does the phone have its own texts in this language? If not, its chrome stays English, left to right. */
export const isTranslated = (code) => base(code) in table;

export const directionOf = (code) => (fromTheRight.has(base(code)) ? "rtl" : "ltr");

/** A locale that Intl accepts, whatever a phone calls its language. */
export function localeOf(code) {
  try {
    return Intl.getCanonicalLocales((code || "en").replaceAll("_", "-"))[0];
  } catch {
    return "en";
  }
}
