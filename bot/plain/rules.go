package plain

import "regexp"

// patterns are the rules' regular expressions, for squeezed sentences (no
// blanks), compiled once by New.
type patterns struct {
	hidden   []*regexp.Regexp
	ending   *regexp.Regexp
	joints   *regexp.Regexp
	doubleNo []*regexp.Regexp
	please   *regexp.Regexp
	noun     []*regexp.Regexp
	dates    []*regexp.Regexp
	era      *regexp.Regexp
	weekday  *regexp.Regexp
	bareDay  *regexp.Regexp
	nextDay  *regexp.Regexp
	clock    *regexp.Regexp
	hour     *regexp.Regexp
	span     *regexp.Regexp
	signs    *regexp.Regexp
	abbrev   *regexp.Regexp
	figures  *regexp.Regexp

	eraDate, signDate, shortDate          *regexp.Regexp
	moment, momentSpan, daySpan, weekSpan *regexp.Regexp
}

func newPatterns() patterns {
	all := func(list ...string) []*regexp.Regexp {
		out := make([]*regexp.Regexp, len(list))
		for i, s := range list {
			out[i] = regexp.MustCompile(s)
		}
		return out
	}
	one := regexp.MustCompile
	const (
		moment = `(午前|午後|ごぜん|ごご)?(\d{1,2})(?::(\d\d)|(時)(?:(\d{1,2})分|(半))?)`
		date   = `(?:\d{4}年)?(?:\d{1,2}月)?\d{1,2}日(?:[（(][月火水木金土日][）)])?`
	)
	return patterns{
		eraDate:    one(`((?:令和|平成|昭和|R|H|S)(?:元|\d{1,2}))[./](\d{1,2})[./](\d{1,2})`),
		signDate:   one(`(\d{4})[/\-.](\d{1,2})[/\-.](\d{1,2})`),
		shortDate:  one(`(\d{1,2})/(\d{1,2})[（(][月火水木金土日]`),
		moment:     one(moment),
		momentSpan: one(moment + ` ?(?:〜|~|-|ー) ?` + moment),
		daySpan:    one(`(` + date + `) ?[〜~] ?(` + date + `)`),
		weekSpan:   one(`([月火水木金土日])(?:曜日|曜)?[〜~]([月火水木金土日])(?:曜日|曜)?`),
		hidden: all(
			`https?://[\w\-./?%&=#~:+,;@!$*()]+`,
			`[\w.+\-]+@[\w\-]+\.[\w.\-]+`,
			`\(?0\d{1,4}\)?-?\d{1,4}-\d{3,4}|#\d{4}`,
		),
		ending: one(`(です|ます|ました|ません|でした|ましょう|でしょう|ください|か)[ねよ]*[」』）)]*$|(こんにちは|こんばんは|おはよう|ありがとう|さようなら|はじめまして|はい|いいえ|すみません|ごめんなさい)$`),
		joints: one(`(て|で|が|ば|たら|なら|から|ため|けど|けれど|し)、|ので|のに、|けど|けれど|ながら`),
		doubleNo: all(
			`な(ければ|くては|くちゃ)[^。、]{0,12}?(ない|ません|だめ)|ないと(いけ|だめ|なり)`,
			`ない(わけ|こと|とは|もの|はず|でも)(では|じゃ|は|も|限り|かぎり)?(ない|ありません|なりません|いえません|言えません)`,
			`(ずに|ないで)は[^。、]{0,8}?(ない|ません)`,
			`しかありません|しかない`,
			`なく(は|も)(ない|ありません)`,
		),
		please: one(`(お|ご)[^。、「」（）()ご]{1,8}(ください|下さい)`),
		noun: all(
			`(を|の)(実施|開催|提出|確認|申請|連絡|利用|予約|相談|そうだん|れんらく|よやく)(を)?(行(い|う|っ|わ|え)|おこな(い|う|っ|わ|え)|する必要|をする必要)`,
			`\p{Han}{2}を(行(い|う|っ|わ|え)|実施|おこな(い|う|っ|わ|え))`,
			`\p{Han}化(する|し|を|が|の|に|、|と|へ)`,
		),
		dates:   all(`\d{1,4}/\d{1,2}(/\d{1,2})?`, `\d{4}-\d{1,2}(-\d{1,2})?`, `\d{4}\.\d{1,2}\.\d{1,2}`),
		era:     one(`(令和|平成|昭和)(元|\d+)?年?|[RHS]\d{1,2}(年|\.)`),
		weekday: one(`(\d{4})年(\d{1,2})月(\d{1,2})日[（(]([月火水木金土日])`),
		bareDay: one(`\d{1,2}月\d{1,2}日(.|$)`),
		nextDay: one(`(再来週|来週|今週|さらいしゅう|らいしゅう|こんしゅう)の?(月曜|火曜|水曜|木曜|金曜|土曜|日曜|[月火水木金土日]よう)`),
		clock:   one(`\d{1,2}:\d\d`),
		hour:    one(`(\d{1,2})時`),
		span:    one(`(\d+[時分日月年:]?)+半?(\([月火水木金土日]\))?[〜~](\d+[時分日月年:]?)*半?`),
		signs:   one(`[〒℡※→←↑↓⇒&＆…‥★☆◎]|〜`),
		abbrev:  one(`TEL|Tel|FAX|Fax|URL|ID|MAIL|Mail|QR`),
		figures: one(`https?://[\w\-./?%&=#~:+,;@!$*]+|#?\d[\d,\-]*`),
	}
}
