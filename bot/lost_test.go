package bot

import "testing"

func TestLostThing(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"キャッシュカードをなくしました":                   lostBank,
		"通帳と印鑑を紛失してしまい、困っています":              lostBank,
		"父が通帳をなくして、支払いもできなくなっています":          lostBank,
		"銀行の カードが みつかりません":                  lostBank,
		"つうちょうを なくしました":                     lostBank,
		"クレカ盗まれた":                           lostBank,
		"通帳がない":                             lostBank,
		"I lost my bank card":               lostBank,
		"I can't find my mother's passbook": lostBank,
		"my credit card was stolen":         lostBank,
		"银行卡丢了怎么办":                          lostBank,
		"我弄丢了存折":                            lostBank,
		"통장을 잃어버렸어요":                        lostBank,
		"Tôi làm mất thẻ ngân hàng":         lostBank,
		"財布を落としました":                         lostWallet,
		"I lost my wallet":                  lostWallet,
		"钱包不见了":                             lostWallet,
		"지갑을 잃어버렸어요":                        lostWallet,
		"Tôi bị mất ví":                     lostWallet,

		"通帳から電気代が引き落としされません":                         "",
		"仕事をなくして、通帳の残高がありません":                        "",
		"母が通帳をなくしそうで心配です":                            "",
		"通帳はなくしていません":                                "",
		"マイナンバーカードをなくしました":                           "",
		"財布が空です":                                     "",
		"通帳のお金の管理ができない":                              "",
		"財布に お金が ないです":                               "",
		"I lost my job and my bank account is empty": "",
		"I lost my job, my credit card is maxed out": "",
		"통장에 돈이 없어요":                                 "",
		"我没有银行卡":                                     "",
		"cho tôi ví dụ":                              "",
	} {
		if got := lostThing(text); got != want {
			t.Errorf("%s: got %q, want %q", text, got, want)
		}
	}
}
