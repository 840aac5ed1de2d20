package bot

import "testing"

func TestAsksForAnother(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{
		"担当の人を変えてほしい":                  true,
		"担当を替えてください":                   true,
		"担当者を変更してもらえますか":               true,
		"たんとうの ひとを かえて ください":           true,
		"ほかの人に代わってもらえませんか":             true,
		"別の職員と話したいです":                  true,
		"佐藤さん以外の人にお願いしたい":              true,
		"Can I talk to someone else?":  true,
		"please change my caseworker":  true,
		"可以换一个人吗":                      true,
		"담당자를 바꿔 주세요":                  true,
		"Tôi muốn đổi người phụ trách": true,

		"担当を変えないでください":                  false,
		"担当の人がいい人でよかった":                 false,
		"ケアマネの担当を変えてほしい":                false,
		"学校の担当の先生を変えてほしい":               false,
		"別の人に相談したら、そう言われました":            false,
		"佐藤さん、ありがとうございます":               false,
		"電話番号を変えました":                    false,
		"I talked to my mother":         false,
		"please don't change my worker": false,
		"담당자를 바꾸지 마세요":                  false,
	} {
		if got := asksForAnother(text, "佐藤"); got != want {
			t.Errorf("%s: got %v, want %v", text, got, want)
		}
	}
}
