package bot

import "strings"

// kin are the words by which residents name the person they are worried
// about, and what staff read. Longer words come first: 祖母 is not 母.
func kin() [][]string {
	return [][]string{
		{"お祖母さん・おばあさん", "祖母", "おばあちゃん", "おばあさん", "grandmother", "奶奶", "外婆", "할머니"},
		{"お祖父さん・おじいさん", "祖父", "おじいちゃん", "おじいさん", "grandfather", "爷爷", "外公", "할아버지"},
		{"義理のお母さん", "義母", "姑", "mother-in-law", "婆婆", "시어머니", "mẹ chồng", "mẹ vợ"},
		{"義理のお父さん", "義父", "舅", "father-in-law", "公公", "시아버지", "bố chồng", "bố vợ"},
		{"お母さん", "母", "お母さん", "おかあさん", "かあさん", "はは", "mother", "my mom", "my mum", "妈妈", "母亲", "어머니", "엄마", "mẹ"},
		{"お父さん", "父", "お父さん", "おとうさん", "とうさん", "ちち", "father", "my dad", "爸爸", "父亲", "아버지", "아빠", "bố tôi", "ba tôi"},
		{"夫", "夫", "旦那", "主人", "おっと", "husband", "丈夫", "老公", "남편", "chồng"},
		{"妻", "妻", "奥さん", "つま", "wife", "妻子", "老婆", "아내", "vợ"},
		{"息子さん", "息子", "むすこ", "my son", "儿子", "아들", "con trai"},
		{"娘さん", "娘", "むすめ", "daughter", "女儿", "딸", "con gái"},
		{"お孫さん", "孫", "まご", "grandchild", "孙子", "손자", "cháu tôi"},
		{"お兄さん", "兄", "older brother", "哥哥", "오빠", "anh trai"},
		{"弟さん", "弟", "younger brother", "弟弟", "남동생", "em trai"},
		{"お姉さん", "姉", "older sister", "姐姐", "언니", "chị gái"},
		{"妹さん", "妹", "younger sister", "妹妹", "여동생", "em gái"},
		{"お子さん", "子ども", "子供", "こども", "my child", "my kid", "孩子", "아이", "con tôi"},
		{"近所の人", "近所", "隣の", "となりの", "neighbor", "neighbour", "邻居", "이웃", "hàng xóm"},
		{"友だち", "友達", "友だち", "ともだち", "friend", "朋友", "친구", "bạn tôi"},
	}
}

// aboutWhom finds the first person named in a text about somebody else. What
// is found is a word of the resident, not a fact about anybody.
func aboutWhom(text string) string {
	text = strings.ToLower(text)
	best, at, long := "", -1, 0
	for _, k := range kin() {
		for _, word := range k[1:] {
			i := strings.Index(text, word)
			if i < 0 {
				continue
			}
			// 祖母 holds 母 one sign later: the word that begins first counts.
			if at < 0 || i < at || i == at && len(word) > long {
				best, at, long = k[0], i, len(word)
			}
		}
	}
	return best
}
