package understand

import (
	"strings"

	"golang.org/x/text/unicode/norm"
)

// Words in Latin letters belong to many languages. This file tells Vietnamese
// typed without its marks, Korean and Chinese spelt in Latin letters from
// romaji and English, as far as the words themselves tell.

// latinKin is what one word in Latin letters looks like.
type latinKin struct {
	vietnamese float32 // 1 a word of theirs, 0.4 a syllable that could be
	korean     bool    // ends as only Korean sentences do
	pinyin     int     // 1 a syllable or two that could be Chinese, 2 spelt as only Chinese is
}

func kinOf(word string) latinKin {
	var k latinKin
	if !isSyllabic(word) {
		return k
	}
	plain := foldMarks(word)
	_, listed := vietnameseWords[plain]
	switch {
	case listed, plain != word && vietnameseSyllable(plain):
		k.vietnamese = 1
	case vietnameseSyllable(plain):
		k.vietnamese = 0.4
	}
	for _, end := range koreanEndings {
		if strings.HasSuffix(plain, end) {
			k.korean = true
		}
	}
	k.pinyin = pinyinWord(plain)
	return k
}

// isSyllabic keeps long and hyphenated words out of all that follows.
func isSyllabic(w string) bool { return len(w) <= 24 && !strings.ContainsAny(w, "'-") }

// foldMarks takes the marks off Latin letters: "được" becomes "duoc".
func foldMarks(w string) string {
	ascii := true
	for i := range len(w) {
		if w[i] >= 0x80 {
			ascii = false
			break
		}
	}
	if ascii {
		return w
	}
	var b strings.Builder
	b.Grow(len(w))
	for _, r := range norm.NFD.String(w) {
		switch {
		case r == 'đ':
			b.WriteByte('d')
		case r >= 0x300 && r <= 0x36f:
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

// vietnameseSyllable says whether a word without marks could be one: every
// Vietnamese word is one syllable of a beginning, vowels and an end.
func vietnameseSyllable(w string) bool {
	rest := w
	for _, on := range vietnameseOnsets {
		if strings.HasPrefix(w, on) {
			rest = w[len(on):]
			break
		}
	}
	if vietnameseRime(rest) {
		return true
	}
	// "gi" is a whole word, and the vowel of "gin" or "gieng" is its i.
	return strings.HasPrefix(w, "gi") && vietnameseRime(w[1:])
}

func vietnameseRime(s string) bool {
	n := 0
	for n < len(s) && strings.IndexByte("aeiouy", s[n]) >= 0 {
		n++
	}
	vowels, end := s[:n], s[n:]
	if _, ok := vietnameseEnds[end]; !ok {
		return false
	}
	if _, ok := vietnameseVowels[vowels]; ok {
		return true
	}
	_, ok := vietnameseInner[vowels]
	return ok && end != ""
}

var (
	vietnameseOnsets = []string{"ngh", "ng", "nh", "ch", "gh", "gi", "kh", "ph", "qu", "th", "tr",
		"b", "c", "d", "g", "h", "k", "l", "m", "n", "p", "r", "s", "t", "v", "x"}
	vietnameseVowels = wordSet(`a e i o u y ai ao au ay eo eu ia ieu iu oa oai oay oe oi ua uay ui uoi uou uu uy uya uyu yeu ue ya`)
	vietnameseInner  = wordSet(`ie oo uo uye ye oa oe ua ue uy`) // only before a last consonant
	vietnameseEnds   = map[string]struct{}{"": {}, "c": {}, "ch": {}, "m": {}, "n": {}, "ng": {}, "nh": {}, "p": {}, "t": {}}
)

// vietnameseWords are common words without their marks that romaji and English
// hardly have: "hai", "ga", "nen", "ban", "them" are left out.
var vietnameseWords = wordSet(`toi khong duoc muon giup cua nguoi nha tien con chong vo viec benh vien dau chau xin chao roi nhung voi cho biet hoc truong
em anh chi ong bac di co bi chu danh ngay nay hom qua dem chieu thang tuan gio phut luong thue phong tra mua vay het thieu doi buon khoc chet ve vao noi goi nghe xem
doc hoi giay thu cong bao hiem quan ly dong dat nuoc chay lua gao com sua tre trai gai gia yeu thuong vui lai moi cu rat nua thoi chua khi neu thi va hoac cung deu
mot bon sau muoi tram nghin trieu kham thuoc sot mau tay bung lam lac nhan nguyen tieng viet nhat chuyen do xe cuu canh sat dung duong
truoc ngoai trong tren duoi sao gi ak nhe nhi luon chac cau chinh dam dien dieu dinh giao hoan huong
khac khach khai khoe kiem lanh lau len lien loi luat mang mieng minh mung nang nau ngan nghi ngo ngu nhac nhieu nho nhu nuoi phai phan pho quen quy rieng
sach sinh so suc thai tham thanh thay theo thich thoat tim tinh toan trach tuoi tuyet ung vuot xa xau xoa xong xua
dc hok hong bit mk vk ck bme lun nhug nhiu thik cx dag`)

// koreanEndings are how polite Korean sentences end, in Latin letters.
var koreanEndings = []string{"mnida", "mnikka", "eoyo", "haeyo", "juseyo", "haseyo", "useyo", "yeong", "yeonghaseyo", "eonni", "eopda", "eopseo"}

// pinyinWord is 2 for a word spelt as only Chinese is, 1 for one that could
// be, 0 for any other.
func pinyinWord(w string) int {
	if _, ok := pinyinWords[w]; ok {
		return 1
	}
	for _, s := range pinyinSigns {
		if strings.Contains(w, s) {
			return 2
		}
	}
	return 0
}

var (
	pinyinWords = wordSet(`wo ni ta women nimen tamen de le shi bu mei you meiyou hao hen yao zai qu lai kan kanbing ma ba ne zhe na nali zenme weishenme ban
dajia gongsi gongzuo haizi laoban laogong laopo mama baba yisheng yiyuan dianhua riyu riben bangwo bang jiu jiuming wenti pengyou fangzu fangdong sheng bing le da nin ren chi fan shui`)
	pinyinSigns = []string{"zh", "qian", "qing", "xie", "xia", "xue", "xiu", "xiong", "jiang", "jian", "jiao", "liang", "dian"}
)
