package bot

import (
	"regexp"
	"slices"
	"strings"
	"time"
)

// What a resident can do at once when money is at stake, as keys of replies.
const (
	lostBank   = "lost.bank"   // a bankbook or a card: have it stopped
	lostWallet = "lost.wallet" // a wallet: the police; cards in it first
)

// lostStays is how long the first step is not told again.
const lostStays = 10 * time.Minute

// firstStep puts what to do at once before whatever else is answered: a window
// that listens today does not stop a card that is used tonight. In danger the
// numbers stand alone.
func (t *turn) firstStep() {
	if t.lost == "" || len(t.says) == 0 || len(t.says) == maxMessages || t.s.DangerAt.Equal(t.in.At) {
		t.condole()
		return
	}
	t.s.LostAt = t.in.At
	t.says = append([]Message{Text{Text: t.reply(t.lost)}}, t.says...)
	t.condole()
}

// lostNow is the reply to begin with, "" for none: beside an open case people
// answer, and nobody is told twice in a row.
func (t *turn) lostNow(text string) string {
	if t.s.Case != nil || t.in.At.Sub(t.s.LostAt) < lostStays {
		return ""
	}
	return lostThing(text)
}

// lostWords find a bankbook, a card or a wallet that was lost or stolen; near
// to each other, for 「仕事をなくして、通帳の残高が…」 is another trouble. What the
// Japanese ones find is without spaces.
var lostWords = func() map[string][]*regexp.Regexp {
	near := func(japanese, english, chinese, korean, vietnamese string) []*regexp.Regexp {
		all := []string{
			`(` + japanese + `)([^。、！？\n]{0,8}?(なくし|無くし|失くし|紛失|落とし|おとし|見つから|見つかりませ|みつから|みつかりませ|見当た(ら|りませ)|盗まれ|ぬすまれ|すられ|置き忘れ)|[がも]?(なくなっ|無くなっ|なくなり|ない$|無い$|ありません))`,
			`\b(lost|lose|stole|misplaced|can.?t find|cannot find|can not find)( (my|our|his|her|the|a|their|your))?( [a-z]+('s)?)? (` + english + `)`,
			`\b(` + english + `)s?( (is|was|are|were|got|has been|went|seems))?( been)? (lost|stolen|missing|gone)`,
			`(丢|遗失|弄没|被偷|找不到)[^，。,.！？\n]{0,4}(` + chinese + `)|(` + chinese + `)[^，。,.！？\n]{0,4}(丢|遗失|不见了|找不到|被偷|弄没)`,
			`(` + korean + `)[^.!?\n]{0,6}(잃어버|분실|도난|못 찾|훔쳐)`,
			`(mất|đánh rơi|làm rơi|bị trộm|không tìm thấy)( [^ .,]+)? (` + vietnamese + `)|(` + vietnamese + `)( của [^ .,]+)?( tôi)? bị (mất|trộm|đánh cắp|rơi)`,
		}
		out := make([]*regexp.Regexp, 0, len(all))
		for _, s := range all {
			out = append(out, regexp.MustCompile(s))
		}
		return out
	}
	return map[string][]*regexp.Regexp{
		lostBank: near(`通帳|つうちょう|キャッシュカード|銀行の?カード|ぎんこうの?カード|クレジットカード|クレカ|デビットカード|銀行印`,
			`bank ?book|passbook|(bank|cash|credit|debit|atm) card`, `存折|银行卡|信用卡|借记卡`, `통장|은행 ?카드|체크카드|신용카드|현금카드`,
			`sổ ngân hàng|sổ tiết kiệm|thẻ ngân hàng|thẻ atm|thẻ tín dụng`),
		lostWallet: near(`財布|さいふ|サイフ`, `wallet|purse`, `钱包`, `지갑`, `ví`),
	}
}()

// notLost are what can follow where nothing is lost (yet).
var notLost = regexp.MustCompile(`^(そう|たくな|ていな|てな|てませ|ていませ|ないよう)`)

// lostHints are pieces one of which stands in all that lostWords find: most
// messages are passed over by these.
var lostHints = []string{
	"通帳", "つうちょう", "カード", "クレカ", "銀行印", "財布", "さいふ", "サイフ", "book", "card", "wallet", "purse",
	"存折", "卡", "钱包", "통장", "카드", "지갑", "sổ", "thẻ", "ví",
}

// lostThing finds what was lost, as the reply about it; "" for nothing.
func lostThing(text string) string {
	text = strings.ToLower(text)
	for _, debit := range []string{"引き落と", "引落", "ひきおと"} {
		text = strings.ReplaceAll(text, debit, "")
	}
	tight := strings.Join(strings.Fields(text), "")
	hint := func(w string) bool { return strings.Contains(text, w) || strings.Contains(tight, w) }
	if !slices.ContainsFunc(lostHints, hint) {
		return ""
	}
	for _, key := range []string{lostBank, lostWallet} {
		for i, r := range lostWords[key] {
			s := text
			if i == 0 {
				s = tight
			}
			if at := r.FindStringIndex(s); at != nil && !notLost.MatchString(s[at[1]:]) {
				return key
			}
		}
	}
	return ""
}
