package bot

import "testing"

func TestTellsOfLoss(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{
		"友達が死んだ":                           true,
		"かぞくが しんだ":                         true,
		"夫が亡くなって手続きがわからない":                 true,
		"昨日、母が急に亡くなりました":                   true,
		"母が先月亡くなり、片づけが進みません":               true,
		"おじいちゃんが死んじゃった":                    true,
		"父を亡くしました":                         true,
		"主人に先立たれ、一人です":                     true,
		"おかあさんが なくなりました":                   true,
		"my mother passed away":            true,
		"My best friend has just died.":    true,
		"I lost my husband last month":     true,
		"妈妈去世了":                            true,
		"我朋友突然死了":                          true,
		"아버지가 돌아가셨어요":                      true,
		"친구가 갑자기 세상을 떠났어요":                 true,
		"mẹ tôi mất":                       true,
		"Chồng tôi vừa qua đời tuần trước": true,

		// not a person, or not near
		"犬が死んだ":                       false,
		"友達の犬が死にました":                  false,
		"友達が飼っていた猫が死んだ":               false,
		"好きな俳優が亡くなった":                 false,
		"ニュースで子どもが亡くなったと知りました":        false,
		"映画で主人公の母が死んだ":                false,
		"主人公が死んだ":                     false,
		"ゲームで仲間が死んだ":                  false,
		"my dog died":                 false,
		"my phone died":               false,
		"my mother's phone died":      false,
		"my friend's cat died":        false,
		"in the movie my father died": false,
		"朋友的狗死了":                      false,
		"영화에서 아버지가 돌아가셨어요":            false,

		// nobody died, or not yet
		"死にたい":                         false,
		"もう死にたいです":                     false,
		"死ぬほど疲れた":                      false,
		"母が死ぬほど心配です":                   false,
		"父が死にそうです":                     false,
		"母は死んでいません":                    false,
		"夫が亡くなったらどうすればいいですか":           false,
		"親が死んだ場合の相続":                   false,
		"父に死んでほしい":                     false,
		"父が死んでくれたらいいのに":                false,
		"友達が死にたいと言っています":               false,
		"夫が死んだように眠っている":                false,
		"父の仕事がなくなった":                   false,
		"親が死んだ後が心配":                    false,
		"if my father died":            false,
		"my mother almost died":        false,
		"my friend died laughing":      false,
		"I lost my son at the station": false,
		"I lost my mother's bank card": false,
		"妈妈累死了":                        false,
		"如果爸爸去世了怎么办":                   false,
		"아버지가 돌아가시면 어떻게 하나요":           false,
		"어머니가 집에 돌아가셨어요":               false,
		"배고파 죽겠어요":                     false,
		"mẹ tôi mất ví":                false,
		"mẹ tôi mất việc":              false,

		// long ago
		"20年前に父が亡くなり、今は一人です":          false,
		"my father died when I was 5": false,
	} {
		if got, _ := tellsOfLoss(text); got != want {
			t.Errorf("%s: got %v, want %v", text, got, want)
		}
	}
}

// TestBareLoss: who writes of a death and of a trouble is shown the window for
// the trouble.
func TestBareLoss(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{
		"友達が死んだ": true, "父が亡くなりました。": true, "母が死んでしまいました": true, "妈妈去世了": true, "mẹ tôi mất rồi": true, "my mother passed away": true, "아버지가 돌아가셨어요": true,
		"夫が亡くなって手続きがわからない": false, "父が亡くなり、お金がない": false, "my husband died and I can't pay the rent": false,
	} {
		if _, got := tellsOfLoss(text); got != want {
			t.Errorf("%s: got %v, want %v", text, got, want)
		}
	}
}
