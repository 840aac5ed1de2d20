package slack

import (
	"strings"
	"time"

	"github.com/tsunagu-chat/tsunagu/bot"
	"github.com/tsunagu-chat/tsunagu/internal/desk"
	"github.com/tsunagu-chat/tsunagu/internal/reception"
)

// Notes that only one staff member sees.
const (
	noteEdited     = "書き直しても、ご本人に送ることばは変わりません。10秒のあいだなら「取り消す」を押して、新しく「>>」で書いてください。"
	noteNotSent    = "書き直した行は、ご本人には送られません。送るときは、新しく「>>」で書いてください。"
	noteRest       = "「>>」で始まる行だけをご本人に送りました。ほかの行は、職員だけが見ています。"
	noteNoModal    = "画面を開けませんでした。もう一度ボタンを押してください。"
	noteNoShortcut = "画面を開けませんでした。少し待って、もう一度えらんでください。"
	noteNoCase     = "このメッセージは、相談のスレッドのものではありません。相談のカードか、そのスレッドのメッセージで、えらんでください。"
	noteJoinFirst  = "この相談は、いま、あなたが入っていないチャンネルにあります。呼ばれている窓口の人は、先に「加わる」か「受ける」を押してください。"
	noteNotKept    = "いま記録できませんでした。少し待ってもカードが変わらなければ、もう一度ボタンを押してください。"
	noteStale      = "このボタンは古くなりました。スレッドの上のカードから、もう一度押してください。"
	noteSubmit     = "いま記録できませんでした。少し待って、もう一度押してください（二重には送られません）。"
	noteEmpty      = "送ることばを書いてください。"
	noteTooLong    = "長すぎます。LINE で一度に送れるのは 5,000 文字までです。分けて送ってください。"
	noteNoWindow   = "窓口を選んでください。"
	noteNoPreview  = "確かめる画面のことばを読めませんでした。なにも送っていません。お手数ですが、「返信」からもう一度書いてください。"
	noteNoReason   = "どう終わったかを選んでください。"
	noteNoWhere    = "つないだ先・続ける先を書いてください。ご本人が読みます。"
	noteNoTime     = "日と時を選んでください。"
	notePast       = "もう過ぎた時です。これからの時を選んでください。"

	noteNoTemplate = "ひな形を選んでください。"
	noteNoCard     = "カードを選んでください。いまは無いカードのこともあります。"
	noteBadFile    = "送れるのは、写真（JPEG・PNG・GIF）と PDF、10 MB までです。ほかのものは送っていません。"
)

// helpText answers /tsunagu help and everything unknown.
const helpText = `*つなぐ の使い方*
• 相談が来ると、この窓口のチャンネルにカードが出ます。*引き受ける* を押すと、ご本人にあなたの名前が伝わります。
• *返信* を押すか、カードのスレッドで ` + "`>>`" + ` から始まる行を書くと、ご本人の LINE に届きます。
• スレッドのメッセージの「︙」から *ご本人に返信* をえらぶと、書いたことばを下書きにして返信できます。
• 送ったあと 10秒のあいだは、スレッドの *取り消す* で止められます。
• スレッドのほかの話は、職員だけが見ます。ご本人には届きません。
• *引き継ぐ* を押すと、まずご本人にたずね、次の窓口が受けてから替わります。ご本人がもう一度話す必要はありません。
• *ほかの操作* に、だれかにたのむ、計画、約束、ほかの窓口を呼ぶ、ひな形、メモなどがあります。
• *終了* のあとでも、14日のうちにご本人が書くと、同じ相談が再開します。
• ` + "`/tsunagu find T-ABC234`" + ` 番号から相談のカードをさがします。
• ` + "`/tsunagu help`" + ` この説明を出します。`

// moreHelp names the other verbs of /tsunagu.
const moreHelp = "\n• `/tsunagu find 電気代 柏町` あなたのチームの相談から、ことばでさがします。" +
	"\n• `/tsunagu window 窓口のID` 窓口の案内を、貼り付けられる形で出します（`info` でも同じです）。" +
	"\n• `/tsunagu hours` 受付時間を見ます。 `/tsunagu hours きょうは 14時まで` その日だけ変えます。" +
	"\n• `/tsunagu duty` 当番を見ます。 `/tsunagu duty me` きょうの当番に入ります。" +
	"\n• `/tsunagu load` チームのようす（だれが何件持っているか）を見ます。" +
	"\n• `/tsunagu statistics` 数を見ます。" +
	"\n• `/tsunagu report` 終わった月の、まちの困りごとの報告を見ます。全市のことかどうかも残せます。"

// refusal is the sentence for a command that the desk refused.
func refusal(t reception.Tell) string {
	head := bot.CaseNumber(t.Case) + "："
	switch t.Refused {
	case desk.RefusedTaken:
		if blank(t.Holder) {
			return head + "いまはだれも担当していません。"
		}
		return head + escape(san(t.Holder)) + "が担当しています。"
	case desk.RefusedYours:
		return head + "すでにあなたが担当しています。"
	case desk.RefusedClosed:
		return head + "この相談は終了しています。ご本人がまた書くと、自動で再開します。"
	case desk.RefusedEmpty:
		return head + "送ることばがありません。"
	case desk.RefusedLong:
		return head + "長すぎて送れませんでした。LINE で一度に送れるのは 5,000 文字までです。分けて送ってください。"
	case desk.RefusedSame:
		return head + "すでにその窓口が担当しています。"
	case desk.RefusedGone:
		return head + "ご本人がこのアカウントをブロックしているので、LINE では届きません。電話など、ほかの方法を考えてください。"
	default:
		if s, ok := moreRefusals()[t.Refused]; ok {
			return head + s
		}
		return head + "いまはできませんでした。"
	}
}

// cannotText tells who asked somebody to take a case that they cannot now.
func cannotText(t reception.Tell) string {
	text := bot.CaseNumber(t.Case) + "：" + escape(san(t.Cannot)) + "は、いまは難しいそうです。"
	if blank(t.Holder) {
		return text + "まだだれも担当していません。ほかの人にたのむか、「引き受ける」を押してください。"
	}
	return text + "担当は変わっていません。ほかの人にたのむときは、カードの「ほかの操作 → だれかにたのむ」を選んでください。"
}

func moreRefusals() map[desk.Refusal]string {
	return map[desk.Refusal]string{
		desk.RefusedNoLine:   "電話や窓口で始まった相談です。LINE では届きません。電話などで伝え、「電話の記録」に書いてください。",
		desk.RefusedUnasked:  "ご本人がこのアカウントをブロックしているので、ほかの機関に伝えてよいか、いまはたずねられません。電話などでたずねて、よければ相手の機関に直接つないでください（「電話の記録」に書きます）。いまの窓口で続けることもできます。",
		desk.RefusedLate:     "もう送られたか、取り消されています。LINE に送ったことばは取り消せません。",
		desk.RefusedFile:     noteBadFile,
		desk.RefusedWhy:      "この相談は一度引き継がれています。もう一度引き継ぐときは、理由を書いてください。",
		desk.RefusedOffer:    "別の引き継ぎの返事を待っています。先に「引き継ぎをやめる」を選んでください。",
		desk.RefusedNoOffer:  "それはもう終わっています。カードで、いまのようすを見てください。",
		desk.RefusedOwn:      "自分が出した引き継ぎは受けられません。次の窓口の人が「受ける」を押します。",
		desk.RefusedMember:   "その窓口は、もうこの相談に入っています。",
		desk.RefusedAsked:    "その人には、もうたのんであります。返事を待つか、ほかの人にたのんでください。",
		desk.RefusedNotAsked: "いま、あなたにはたのまれていません。なにもしなくて大丈夫です。",
		desk.RefusedSelf:     "自分で受け持つときは、カードの「引き受ける」を押してください。",
		desk.RefusedTime:     "もう過ぎた時です。これからの時を選んでください。",
	}
}

// The fates of a staff reply, as package line names them, and one of our own.
const (
	fateBlocked = "blocked"
	fateQuota   = "quota"
	fateRefused = "refused"
	fateUnclear = "unclear"
	fateLost    = "lost"    // a photo or file that is not there any more
	fateWaits   = "waiting" // LINE cannot take it now; it is tried again
)

// fateText says in plain words why a reply did not arrive, and what to do.
func fateText(fate string) string {
	switch fate {
	case fateBlocked:
		return "✗ 届きませんでした。ご本人がこのアカウントをブロックしています。電話など、ほかの方法を考えてください。"
	case fateQuota:
		return "✗ 届きませんでした。今月 LINE で送れる数を使い切りました。急ぐときは電話をしてください。管理者に、LINE のプランの確認をたのんでください。"
	case fateRefused:
		return "✗ 届きませんでした。LINE がこのことばを受け付けませんでした。短くして、もう一度送ってください。"
	case fateWaits:
		return "… 待っています。LINE がいま受け取れません。自動でもう一度送ります。急ぐときは電話をしてください。"
	case fateLost:
		return "✗ 送っていません。写真やファイルを取り出せませんでした。もう一度えらんで送ってください。"
	case fateUnclear:
		return "? 届いたかどうか分かりません。もう一度送ると、同じことばが二度届くかもしれません。"
	}
	return "✗ 届きませんでした。もう一度送るか、電話など、ほかの方法を考えてください。"
}

// languages are named in Japanese for staff.
func language(l bot.Lang) string {
	switch l {
	case bot.Ja, "":
		return "日本語"
	case bot.EasyJa:
		return "やさしい日本語"
	case bot.En:
		return "英語"
	case bot.Zh:
		return "中国語"
	case bot.Ko:
		return "韓国語"
	case bot.Vi:
		return "ベトナム語"
	}
	return oneLine(string(l), 20)
}

// howToWrite tells staff how this resident reads.
func howToWrite(l bot.Lang) string {
	switch l {
	case bot.Ja, "":
		return "日本語で"
	case bot.EasyJa:
		return "やさしい日本語で（短い文、やさしいことば、漢字に読みがな）"
	case bot.En, bot.Zh, bot.Ko, bot.Vi:
	}
	return language(l) + "で（日本語は読めないかもしれません。やさしい日本語なら伝わることもあります）"
}

func mediaName(k bot.MediaKind) string {
	switch k {
	case bot.Image:
		return "写真"
	case bot.Video:
		return "動画"
	case bot.Audio:
		return "音声"
	case bot.File:
		return "ファイル"
	case bot.Sticker:
		return "スタンプ"
	}
	return "メッセージ"
}

// outcome is how a case can end. The values are kept; the words may change.
type outcome struct{ value, text string }

func outcomes() []outcome {
	return []outcome{
		{desk.Resolved, "解決した"},
		{desk.Connected, "ほかにつないだ"},
		{desk.Elsewhere, "ほかの所で続く"},
		{desk.NoAnswer, "返事がない"},
		{desk.Mistake, "まちがい・いたずら"},
	}
}

func outcomeText(value string) string {
	for _, o := range outcomes() {
		if o.value == value {
			return o.text
		}
	}
	return oneLine(value, 40)
}

func kindText(kind string) string {
	switch kind {
	case "general":
		return "なんでも"
	case "consultation":
		return "相談"
	case "emergency":
		return "緊急"
	case "information":
		return "案内"
	case "participation":
		return "参加"
	}
	return "そのほか"
}

// san adds さん to a person's name that has no form of address yet. What stands
// in brackets behind it (the section, a reading) stays behind.
func san(name string) string {
	if blank(name) {
		return nobody
	}
	name = oneLine(name, maxName)
	whole, behind := name, ""
	if at := strings.IndexAny(name, "（("); at > 0 && strings.HasSuffix(strings.TrimRight(name, " "), closing(name[at:])) {
		name, behind = strings.TrimRight(name[:at], " 　"), name[at:]
	}
	if addressed(name) {
		return whole
	}
	return name + "さん" + behind
}

func closing(bracket string) string {
	if strings.HasPrefix(bracket, "（") {
		return "）"
	}
	return ")"
}

// addressed reports a name that stands as it is: it ends in a form of address,
// or is no person's but a section's or an office's. Endings that are surnames'
// as well (部, 所) are not among them.
func addressed(name string) bool {
	for _, end := range []string{
		"さん", "サン", "さま", "様", "氏", "先生", "職員", "-san", " san", " San",
		"係", "課", "窓口", "担当", "当番", "センター", "チーム", "事務局", "協議会", "相談室",
		"係長", "課長", "部長", "所長", "室長", "局長", "主任", "主査", "主事", "相談員", "支援員", "保健師", "社会福祉士", "コーディネーター",
	} {
		if strings.HasSuffix(name, end) {
			return true
		}
	}
	return false
}

// when writes a time as staff read it: 11月23日（月）14:05.
func when(t time.Time) string {
	t = t.In(bot.Tokyo)
	day := []string{"日", "月", "火", "水", "木", "金", "土"}[t.Weekday()]
	return t.Format("1月2日") + "（" + day + "）" + t.Format("15:04")
}

func windowName(pack *bot.Content, id string) string {
	if w := pack.Window(id); w != nil && !blank(w.Name.In(bot.Ja)) {
		return oneLine(w.Name.In(bot.Ja), 70)
	}
	if blank(id) {
		return "窓口"
	}
	return oneLine(id, 70)
}

// shownName names a window, an opportunity or an initiative of the plan.
func shownName(pack *bot.Content, id string) string {
	if in := pack.Initiative(strings.TrimPrefix(id, "initiative:")); in != nil && !blank(in.Official) {
		return oneLine(in.Official, 70)
	}
	id = strings.TrimPrefix(id, "role:")
	if o := pack.Opportunity(id); o != nil && !blank(o.Name.In(bot.Ja)) {
		return oneLine(o.Name.In(bot.Ja), 70)
	}
	return windowName(pack, id)
}

func dangerName(pack *bot.Content, kind string) string {
	if d := pack.Danger(kind); d != nil && !blank(d.Name) {
		return oneLine(d.Name, 60)
	}
	return oneLine(kind, 60)
}

// numberOf normalises a case number as people type it: small letters, wide
// letters, with or without T-.
func numberOf(s string) string {
	s = strings.Map(func(r rune) rune {
		if r >= '！' && r <= '～' { // wide forms of ASCII
			r -= '！' - '!'
		}
		switch r {
		case 'ー', '−', '‐', '–', '—':
			return '-'
		case ' ', '　', '\t', '#', '「', '」':
			return -1
		}
		return r
	}, s)
	s = strings.ToUpper(s)
	if rest, ok := strings.CutPrefix(s, "T-"); ok {
		s = rest
	} else if len(s) == 7 { // T and the six, without the dash
		s = strings.TrimPrefix(s, "T")
	}
	if s == "" {
		return ""
	}
	return "T-" + s
}
