package understand

import "strings"

// Ways a message is written, as far as its script tells.
const (
	scriptJapanese = "ja"     // kanji and kana
	scriptKana     = "kana"   // kana only
	scriptRomaji   = "romaji" // Japanese in Latin letters
	scriptEnglish  = "en"
	scriptChinese  = "zh"
	scriptKorean   = "ko"
	scriptVietnam  = "vi"
	scriptNone     = "" // emoji, digits, signs
)

// census counts what a normalised message is made of.
type census struct {
	kana, katakana, han, hangul, latin, vietnamese int
	words                                          int // in Latin letters
	english, romaji, vietWords                     int // of these
	gaps                                           int // blanks between Japanese
	simplified, chinese                            int // signs of Chinese
}

func count(s string) census {
	var c census
	var last rune
	for i, r := range s {
		switch {
		case isKana(r):
			c.kana++
			if isKatakana(r) {
				c.katakana++
			}
			if last == ' ' {
				c.gaps++
			}
		case isHan(r):
			c.han++
			if last == ' ' {
				c.gaps++
			}
			if strings.ContainsRune(simplifiedOnly, r) {
				c.simplified++
			}
			if strings.ContainsRune(chineseParticles, r) {
				c.chinese++
			}
		case isHangul(r):
			c.hangul++
		case isLatin(r):
			c.latin++
			if strings.ContainsRune(vietnameseLetters, r) || r >= 0x1ea0 && r <= 0x1ef9 {
				c.vietnamese++
			}
			if !isLatin(last) && last != '\'' && last != '-' {
				c.words++
				w := s[i:latinEnd(s, i)]
				if englishWord(w) {
					c.english++
				} else if vietnameseWord(w) {
					c.vietWords++
				}
				if _, ok := romajiWord(w); ok {
					c.romaji++
				}
			}
		}
		last = r
	}
	return c
}

// script decides how a message is written from its census.
func (c census) script() string {
	switch {
	case c.hangul > 0 && c.hangul >= c.kana && c.hangul*2 >= c.latin:
		return scriptKorean
	case c.kana+c.han > 0 && c.isChinese():
		return scriptChinese
	case c.kana+c.han > 0 && c.latin <= 4*(c.kana+c.han):
		if c.han == 0 && c.latin <= c.kana {
			return scriptKana
		}
		return scriptJapanese
	case c.words == 0:
		return scriptNone
	case c.vietnamese >= 2 || c.vietnamese > 0 && c.vietnamese*6 >= c.words, c.vietWords*2 > c.words:
		return scriptVietnam
	case c.romaji*10 >= c.words*7 && c.english*10 < c.words*4 || c.romaji == c.words && c.english*2 <= c.words:
		return scriptRomaji
	}
	return scriptEnglish
}

func (c census) isChinese() bool {
	if c.kana > 0 {
		return c.kana*8 < c.han && c.simplified+c.chinese >= 2
	}
	return c.simplified > 0 || c.chinese >= 1 && c.chinese*12 >= c.han
}

// Characters written so in China and not in Japan, from words people in
// trouble use; and the little words of Chinese that Japanese hardly writes
// without kana. 的, 不, 子 and others that Japanese compounds use are left out.
const (
	simplifiedOnly   = "们这吗没说谁钱么个为给让还过时间问题请帮从东车门见话语读书买卖难办师里诊医岁妈爸爷们对开关电脑发现实习应该觉样边远进运动离婚证办药孙养护压经济纸张长业务员陈张刘吴华贵质费债务补贴欢谢啊呢吧啦哪您她很怎离边听讲认识觉儿乐汉丽鸟鱼龙无饭馆饿冻灾险号码欠约签"
	chineseParticles = "我你他她们的了吗呢吧很怎么没这那哪谁请谢想要给是在不能"
	// Letters only Vietnamese puts in a row of Latin ones, beside U+1EA0–1EF9.
	vietnameseLetters = "ăđơưĂĐƠƯãõĩũàảạ"
)

// englishWord knows the words English sentences are held together by and the
// ones residents use most; it separates English from romaji, not right from
// wrong spelling.
func englishWord(w string) bool { _, ok := englishWords[w]; return ok }

func vietnameseWord(w string) bool { _, ok := vietnameseWords[w]; return ok }

var englishWords = wordSet(`a i the an and or but if so of at by for with about from in on off over under to into
is are am was were be been being do does did done have has had having can could will would shall should may might must
not don't doesn't didn't can't cannot won't isn't aren't wasn't i'm i've i'll i'd it's he's she's that's there's we're they're you're
my your his her its our their me him them us you he she it we they this that these those there here what when where who why how which
no yes please help need want know get got go going went come came make made take took give given see say said tell told ask think feel
home house room rent money pay paid bill work job fired boss company school kid kids child children son daughter mother father mom mum dad
husband wife boyfriend girlfriend friend neighbor neighbour parents baby old new sick pain hurt doctor hospital food eat sleep
day days week weeks month months year years today tonight tomorrow yesterday morning night now never always again still just only
any anyone anything some someone something nothing everything nobody all more much many too very really also because since until after before
one two three four five last next first english japanese japan city hall office phone call name visa card
hello hi hey thanks thank sorry ok okay good bad best hate love life live living die kill dead like back out up down away
people person man woman dog cat car train class lessons form letter mail tax pension insurance volunteer near around
lost left right open close start stop keep use find talk speak write read learn lonely alone tired scared afraid angry sad`)

var vietnameseWords = wordSet(`toi khong duoc muon giup cua nguoi nha tien con chong vo viec lam benh vien dau chau xin chao cam roi nhung voi cho biet hoc truong`)

func wordSet(s string) map[string]struct{} {
	m := make(map[string]struct{})
	for _, w := range strings.Fields(s) {
		m[w] = struct{}{}
	}
	return m
}
