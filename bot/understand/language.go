package understand

import (
	"strings"
	"sync"

	"golang.org/x/text/encoding/japanese"
)

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
	words                                          int     // in Latin letters
	english, romaji                                int     // of these
	viet                                           float32 // how Vietnamese they look
	vietSure                                       int     // of these, Vietnamese without doubt
	portuguese                                     int
	korean, pinyin                                 int // of these, spelt in Latin letters
	pinyinSure                                     bool
	foreignHan                                     int // characters no Japanese computer wrote before Unicode
	gaps                                           int // blanks between Japanese
	simplified, chinese, hints                     int // signs of Chinese: characters, little words, and those Japanese has too
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
			if outsideJapan(r) {
				c.foreignHan++
			}
			if strings.ContainsRune(simplifiedOnly, r) || strings.ContainsRune(traditionalOnly, r) {
				c.simplified++
			}
			switch {
			case japaneseCompound(s, i):
			case strings.ContainsRune(chineseParticles, r):
				c.chinese++
			case strings.ContainsRune(chineseHints, r):
				c.hints++
			}
		case isHangul(r):
			c.hangul++
		case isLatin(r):
			c.latin++
			if strings.ContainsRune(vietnameseLetters, r) || r >= 0x1ea0 && r <= 0x1ef9 {
				c.vietnamese++
			}
			if r == 'ã' && (last == 'n' || last == 'ç') && strings.HasPrefix(s[i:], "ão") {
				c.portuguese++ // "não", "coração"
			}
			if !isLatin(last) && last != '\'' && last != '-' {
				c.words++
				w := s[i:latinEnd(s, i)]
				c.word(w)
			}
		}
		last = r
	}
	if c.han > 0 && c.kana == 0 {
		for _, w := range chineseWords {
			if strings.Contains(s, w) {
				c.simplified++
			}
		}
	}
	return c
}

// word counts one word in Latin letters.
func (c *census) word(w string) {
	english := englishWord(w)
	_, romaji := romajiWord(w)
	if english {
		c.english++
	}
	if romaji {
		c.romaji++
	}
	k := kinOf(w)
	switch {
	case k.vietnamese >= 1:
		c.viet++
		c.vietSure++
	case k.vietnamese > 0 && !english:
		c.viet += k.vietnamese
	case k.vietnamese > 0: // "can", "an": either
	case english, romaji:
		c.viet--
	default:
		c.viet -= 0.5
	}
	if k.korean {
		c.korean++
	}
	if k.pinyin > 0 {
		c.pinyin++
		c.pinyinSure = c.pinyinSure || k.pinyin > 1
	}
}

// isVietnamese says whether the words in Latin letters are Vietnamese typed
// with or without its marks.
func (c census) isVietnamese() bool {
	return c.vietnamese >= 2 || c.vietnamese > 0 && c.vietnamese*6 >= c.words ||
		c.vietSure > 0 && c.vietSure*4 >= c.words && c.viet*20 >= float32(c.words)*7
}

// script decides how a message is written from its census.
func (c census) script() string {
	switch {
	case c.hangul > 0 && c.hangul >= c.kana && (c.hangul*2 >= c.latin || c.hangul >= c.words):
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
	case c.portuguese > 0 && c.vietnamese <= c.portuguese && c.vietSure <= c.portuguese:
		return scriptEnglish // of the languages answered in, the nearest
	case c.isVietnamese():
		return scriptVietnam
	case c.korean > 0 && c.english*2 <= c.words:
		return scriptKorean
	case c.pinyinSure && c.pinyin*10 >= c.words*7 && c.words > 1:
		return scriptChinese
	case c.romaji*10 >= c.words*7 && c.english*10 < c.words*4 || c.romaji == c.words && c.english*2 <= c.words:
		return scriptRomaji
	}
	return scriptEnglish
}

func (c census) isChinese() bool {
	if c.kana > 0 && c.kana == c.katakana && c.foreignHan > 0 {
		return true // "マイナンバーカード丢了"
	}
	if c.kana > 0 {
		return c.kana*8 < c.han && c.simplified+c.chinese+c.hints >= 2
	}
	return c.simplified+c.foreignHan > 0 || c.chinese >= 1 && c.chinese*12 >= c.han || c.hints >= 2 && c.hints*8 >= c.han
}

// Characters Shift JIS has and only Chinese uses; and the little words of Chinese that Japanese hardly writes
// without kana. 的, 不, 子 and others that Japanese compounds use are left out.
const (
	simplifiedOnly = "个从很怎听儿无"
	// The same for characters of Taiwan and Hong Kong. Those that stand in
	// Japanese names (國, 澤, 邊, 廣, 齋) are left out.
	traditionalOnly  = "麼個沒說對關來這讓媽爸嗎們妳幫點氣處應從將轉證賣辦單壓斷樂歲歸獨當盡稅總繼聽聲舊藥號讀變貓辭遲錄鐵隨雖驗體鬧醫錢發燒摔踢搶騙偷睏撿丟扔哭啥怎嗆癢噁"
	chineseParticles = "我你他她们吗呢吧很怎么没这那哪谁请谢给"
	chineseHints     = "的了想要給請是在能" // two of them are needed
	// Letters only Vietnamese puts in a row of Latin ones, beside U+1EA0–1EF9.
	vietnameseLetters = "ăđơưĂĐƠƯãõĩũàảạ"
)

// outsideJapan says whether Shift JIS, with the names vendors added, lacks a
// character; nobody writes it in Japanese.
func outsideJapan(r rune) bool {
	han := japaneseHan()
	i := int(r) - firstHan
	return i >= 0 && i < len(han) && !han[i]
}

const firstHan, lastHan = 0x4e00, 0x9fff

var japaneseHan = sync.OnceValue(func() []bool {
	han := make([]bool, lastHan-firstHan+1)
	to := japanese.ShiftJIS.NewEncoder()
	for i := range han {
		_, err := to.String(string(rune(firstHan + i)))
		han[i] = err == nil
	}
	return han
})

// chineseWords tell Chinese without a little word from Japanese without kana:
// "房租付不起" from "家賃滞納".
var chineseWords = strings.Fields(`孩子 房租 房子 老公 老婆 老板 老師 上班 下班 付不起 交不起 租不起 沒有 没有 不知道 生病 公司 可以 不想
不去 不了 去哪 一個人 怕 打我 打人 打他 丈夫打 志工 義工 救命 求助 幫忙 朋友 晚上 早上 今晚 明天 昨天 上学 上學 日語 日语 奶奶 爷爷 爺爺 女儿 女兒 兒子 儿子 隔壁 邻居 鄰居
厨房 廚房 着火 失業了 吃不 吃飯 吃饭 打工 錢包 钱包 垃圾 扔 哭 同學 同学 什麼 很多 太吵 看病 医院在 学校在 裁員 裁员 三天 两天 自来水 太累 睡不 叫不醒 搞定 打工的 吃到 哈喽 每周 周末 上学 不够 不夠 管委会 听不 聽不`)

// japaneseCompound says whether the sign of Chinese at i stands in a word
// Japanese writes so too: 在留, 在宅, 給料, 給付, 不能.
func japaneseCompound(s string, i int) bool {
	for _, w := range japaneseCompounds {
		for at := strings.Index(w, s[i:i+3]); at >= 0; at = -1 {
			if i >= at && strings.HasPrefix(s[i-at:], w) {
				return true
			}
		}
	}
	return false
}

var japaneseCompounds = strings.Fields(`在留 在宅 在日 在学 在職 在庫 不在 滞在 現在 存在 所在 給料 給付 給与 給食 給水 支給 需給 受給 時給 月給 有給 配給 供給 昇給 不能 可能 機能 能力 才能 是非 是正 要介 要支 必要 重要 主要 需要
要望 要請 要求 要件 要約 概要 要相談 想定 予想 発想 理想 感想 没収 没後 自我 我慢 我家 怪我 那覇 申請 請求 請負 終了 完了 修了 満了 了承 了解 是正 要確 要連 意思能 技能 性能 効能 芸能 知能 的確 的中 目的 公的 私的`)

// englishWord knows the words English sentences are held together by and the
// ones residents use most; it separates English from romaji, not right from
// wrong spelling.
func englishWord(w string) bool { _, ok := englishWords[w]; return ok }

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

func wordSet(s string) map[string]struct{} {
	m := make(map[string]struct{})
	for _, w := range strings.Fields(s) {
		m[w] = struct{}{}
	}
	return m
}
