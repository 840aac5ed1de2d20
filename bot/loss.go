package bot

import (
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// lossStays is how long sympathy is not said again.
const lossStays = memory

// condole puts one sentence of sympathy before whatever is answered to words
// about a death. In danger, or while the bot asks about it, nothing stands
// before the numbers.
func (t *turn) condole() {
	asks := t.s.Question != nil && t.s.Question.Kind == AskDanger
	if !t.loss || len(t.says) == 0 || len(t.says) == maxMessages || asks || t.s.DangerAt.Equal(t.in.At) {
		return
	}
	t.s.LossAt = t.in.At
	t.says = append([]Message{Text{Text: t.reply("loss")}}, t.says...)
}

// hearLoss notes words about a death that nobody has answered with sympathy
// yet. Beside an open case people answer.
func (t *turn) hearLoss(text string) {
	told := !t.s.LossAt.IsZero() && t.in.At.Sub(t.s.LossAt) < lossStays
	if t.s.Case == nil && !told {
		t.loss, t.bare = tellsOfLoss(text)
	}
}

// answerLoss offers people to somebody whose words name no trouble but the
// death itself: "we cannot answer that here" would be cruel.
func (t *turn) answerLoss() {
	t.s.Other = false // it is their own loss
	if slices.Contains(t.s.Shown, "general-consult") {
		t.say("answer.same")
		t.choices(t.choice("choice.wrong", "wrong"), t.choice("choice.human", "human"))
		return
	}
	t.say("loss.listen")
	t.showWindows([]string{"general-consult"})
	t.count("answered", "general-consult")
}

// lossWords find that somebody near to the resident has died: who it was, and
// directly after it that they died, so that pets, things and strangers are
// not found. What the first one finds is without spaces.
var lossWords = func() []*regexp.Regexp {
	const (
		ja = `お?(祖母|祖父|ばあちゃん|じいちゃん|ばあさん|じいさん|義母|義父|母|父|母親|父親|母さん|父さん|かあさん|とうさん|はは|ちち|ママ|パパ|両親|親|おや|夫|旦那|だんな|主人|おっと|妻|つま|奥さん|嫁|息子|むすこ|娘|むすめ|子ども|子供|こども|子|赤ちゃん|あかちゃん|孫|まご|兄|姉|弟|妹|兄さん|姉さん|おにいさん|おねえさん|おとうと|いもうと|きょうだい|兄弟|姉妹|おじ|おば|叔父|叔母|伯父|伯母|いとこ|家族|かぞく|身内|親戚|親せき|友達|友だち|ともだち|友人|親友|恋人|彼氏|彼女|婚約者|パートナー|同僚|仲間)(さん|ちゃん|様|たち)?`
		// what can stand between the two
		jaWhen = `(昨日|きのう|今日|きょう|今朝|けさ|昨夜|ゆうべ|おととい|先日|先週|先月|今月|今年|去年|この前|このあいだ|最近|急に|きゅうに|突然|とつぜん|事故で|じこで|病気で|びょうきで|がんで|癌で|脳梗塞で|心臓で|コロナで|病院で|\d+月に?|\d+日に?|春に|夏に|秋に|冬に|、)*`
		jaDied = `(死んだ|死んで|死にました|死んじゃ|死去し|亡くなった|亡くなって|亡くなり|しんだ|しんで|しにました|しんじゃ|なくなった|なくなって|なくなりました|他界し|息を引き取|息をひきとっ|天国に行|天国へ行|旅立ちました|旅立った|旅立って)`
		jaLost = `(亡くした|亡くして|亡くしました|に先立たれ|に死なれ)`
		en     = `(mother|mom|mum|father|dad|husband|wife|son|daughter|child|baby|brother|sister|grandmother|grandma|grandfather|grandpa|uncle|aunt|cousin|parents|friend|best friend|boyfriend|girlfriend|partner|fiance|fiancee|mother-in-law|father-in-law)`
		enWhen = `( (just|has|have|had|recently|suddenly|sadly|already|also))*`
		zh     = `(妈妈|媽媽|母亲|母親|爸爸|父亲|父親|父母|爷爷|爺爺|奶奶|外公|外婆|丈夫|老公|妻子|老婆|儿子|兒子|女儿|女兒|孩子|哥哥|弟弟|姐姐|妹妹|朋友|家人|亲人|親人|同事|男友|女友)`
		ko     = `(어머니|어머님|아버지|아버님|엄마|아빠|부모님|할머니|할아버지|남편|아내|아들|딸|아이|형|누나|오빠|언니|동생|친구|가족|남자친구|여자친구|동료)`
		vi     = `(mẹ|bố|cha|má|chồng|vợ|con trai|con gái|con|ông nội|ông ngoại|bà nội|bà ngoại|ông|bà|anh trai|chị gái|em trai|em gái|bạn|bạn thân|người thân|người nhà|bạn trai|bạn gái)( của)?( tôi| mình| em| cháu)`
		viWhen = `( (vừa|mới|đã|đột ngột|bất ngờ))*`
	)
	var all []*regexp.Regexp
	for _, s := range []string{
		ja + `([がはも]|、)?` + jaWhen + jaDied + `|` + ja + `を?` + jaWhen + jaLost,
		`\b(my|our) (late )?` + en + enWhen + ` (died|passed away|passed on|is dead|are dead|was killed|is gone forever)\b`,
		`\bi('ve| have)?( just| recently)? lost my (mother|mom|mum|father|dad|husband|wife|parents|grandmother|grandma|grandfather|grandpa|brother|sister|best friend)( (last|this|to cancer|recently|yesterday|suddenly|two|a)\b|[.!,]|$)`,
		zh + `(刚刚|刚|剛|昨天|今天|前天|上周|上个月|今年|去年|突然|最近|因病|因为生病|已经|也|在医院)*(去世|过世|過世|病逝|离世|離世|逝世|死了|不在人世)`,
		ko + `(가|이|께서|도|는|은)? ?((갑자기|어제|오늘|지난주에?|지난달에?|최근에|얼마 전에?|작년에|올해) )*(돌아가셨|돌아가셔서|돌아가신|세상을 떠났|세상을 떠나셨|죽었|사망했|별세하|하늘나라로)`,
		`(^|[ ,.])` + vi + viWhen + ` (qua đời|chết|mất)( rồi)?([.,!?\n]|$| (hôm|tuần|tháng|năm|vì|do|nên|và|ở|trong) )`,
	} {
		all = append(all, regexp.MustCompile(s))
	}
	return all
}()

// notLoss are signs that nobody died, that it is a tale, or that it was long
// ago.
var notLoss = regexp.MustCompile(`ニュース|映画|ドラマ|アニメ|漫画|マンガ|まんが|ゲーム|小説|物語|キャラ|主人公|芸能人|俳優|歌手|アイドル|推し|テレビ|番組|夢で|夢を|ゆめ|年前|年まえ|昔|むかし|子どもの(ころ|頃)|子供の(ころ|頃)|小さい(ころ|頃)|幼い|もし` +
	`|\b(movie|film|game|drama|anime|novel|series|episode|news|dream|dreamed|dreamt|if|almost|nearly|years? ago|when i was)\b` +
	`|电影|電影|游戏|遊戲|电视|小说|新闻|如果|要是|假如|年前|小时候|梦` +
	`|영화|게임|드라마|소설|뉴스|만약|년 전|어릴 때|꿈` +
	`|\b(phim|trò chơi|tiểu thuyết|tin tức|nếu|năm trước|hồi nhỏ|giấc mơ)\b`)

// notDied are what can follow where nobody died (yet), or where death is a
// wish or a manner of speaking.
var notDied = regexp.MustCompile(`^(ら|場合|ばあい|とき|時|ときは|かと|かも|ふり|よう|わけ(では|じゃ)|こと(は|が)な|(あと|後)[がのはに].{0,8}(心配|不安|準備)|も(いい|よい|かまわ)|ほし|欲し|くれ|い(な|ませ|ないで)|な[いけ]|ない|ません|れば|は(い|な)|魚|虫|laughing| laughing| inside|으면|으면 |다면| 줄| laugh)`)

// lossEnds are what a sentence can end with after the death itself.
var lossEnds = regexp.MustCompile(`^(しま(い|った|って)|ました|まし|た|て|の|ん|です|よ|ね|了|어요|습니다|rồi|ạ|last|this|yesterday|recently|week|month|year)+$`)

// lossHints are pieces one of which stands in all that lossWords find: most
// messages are passed over by these, a hundred times faster.
var lossHints = []string{
	"死", "しん", "しに", "亡", "なくな", "他界", "息を", "天国", "旅立", "先立た", "die", "dead", "passed", "killed", "gone forever", "lost my",
	"去世", "过世", "過世", "逝", "离世", "離世", "不在人世", "돌아가", "떠났", "떠나", "죽", "사망", "별세", "하늘나라", "qua đời", "chết", "mất",
}

// bareLoss is how many letters can stand beside a death in words that tell of
// nothing else.
const bareLoss = 3

// tellsOfLoss reports words that tell that somebody near died, and whether
// they tell of nothing else.
func tellsOfLoss(text string) (tells, bare bool) {
	text = strings.ToLower(norm.NFKC.String(text))
	tight := strings.Join(strings.Fields(text), "")
	hint := func(w string) bool { return strings.Contains(text, w) || strings.Contains(tight, w) }
	if !slices.ContainsFunc(lossHints, hint) || notLoss.MatchString(text) {
		return false, false
	}
	for i, r := range lossWords {
		s := text
		if i == 0 {
			s = tight
		}
		for _, at := range r.FindAllStringIndex(s, 8) {
			if notDied.MatchString(s[at[1]:]) {
				continue
			}
			beside := phraseKey(s[:at[0]] + s[at[1]:])
			return true, utf8.RuneCountInString(beside) <= bareLoss || lossEnds.MatchString(beside)
		}
	}
	return false, false
}
