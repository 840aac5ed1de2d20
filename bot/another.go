package bot

import (
	"regexp"
	"strings"

	"golang.org/x/text/unicode/norm"
)

// anotherWords find the wish for another person to answer. What the first one
// finds is without spaces.
var anotherWords = []*regexp.Regexp{
	regexp.MustCompile(`(担当|たんとう)(の人|の方|のひと|のかた|者|さん|職員|の職員)?([をはも]|って)?(ほかの|他の|別の|べつの|違う)?(人|方|ひと)?[にへを]?(変え|替え|代え|換え|かえ|交代|こうたい|チェンジ|変更|代わって|変わって|替わって|かわって)`),
	regexp.MustCompile(`(ほかの|他の|別の|べつの|違う|ちがう)(担当|職員|しょくいん|人|方|ひと)(の方|の人|さん|者)?[にがとへ]?(代わって|変わって|替わって|かわって|代えて|変えて|替えて|かえて|交代|担当して|に?担当を?|お願いできま|相談したい|話したい|はなしたい|してほしい|してください|がいい|いいです)`),
	regexp.MustCompile(`(change|switch|replace) (the|my) (person|staff|staff member|caseworker|worker) ?(in charge|please|$)|\b(talk|speak|write) to (someone|somebody) else|(another|a different|different) (person|staff member|staff) (to (help|answer)|in charge|please|instead)|(want|like|have) (someone|somebody) else (to (help|answer)|instead)`),
	regexp.MustCompile(`换(一?个|一?位)?(别的|其他|另外的)?(人|负责人|工作人员|担当)|(更换|换掉)(负责人|担当)`),
	regexp.MustCompile(`(담당자|담당)(를|을|분을)? ?(바꿔|바꾸|교체|변경)|다른 (담당자|직원|사람|분)(으로|로) (바꿔|바꾸|부탁)`),
	regexp.MustCompile(`(đổi|thay) (người|nhân viên) (phụ trách|khác)|muốn (người|nhân viên) khác (phụ trách|trả lời|giúp)`),
}

// notAnother are people of other places, and the wish that all stays as it is.
var notAnother = regexp.MustCompile(`ケアマネ|ケースワーカー|ヘルパー|学校|先生|病院|医者|会社|職場|保険|銀行|市役所|区役所|ハローワーク|大家|管理会社|変えない|替えない|代えない|変わらない|替わらない|かえない|(変え|替え|代え|かえ)(たくな|なくて)|don'?t (change|switch)|do not (change|switch)|不要换|不用换|바꾸지|không (đổi|thay)`)

// asksForAnother reports words that ask for another person than holder, the
// name residents see of who has the case; it may be empty.
func asksForAnother(text, holder string) bool {
	text = strings.ToLower(norm.NFKC.String(text))
	if len(text) > maxPhrase*4 || notAnother.MatchString(text) {
		return false
	}
	tight := strings.Join(strings.Fields(text), "")
	for i, r := range anotherWords {
		s := text
		if i < 2 {
			s = tight
		}
		if r.MatchString(s) {
			return true
		}
	}
	if holder == "" {
		return false
	}
	name := strings.ToLower(norm.NFKC.String(holder)) + "さん"
	for _, after := range []string{"以外の", "じゃない人", "ではない人", "じゃなくて別", "を変えて", "を替えて", "を代えて"} {
		if strings.Contains(tight, name+after) {
			return true
		}
	}
	return false
}
