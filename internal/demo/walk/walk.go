// Package walk goes through the demo as somebody does who has never seen it:
// one case from a resident's first words to the thanks at its end, with the
// staff's side and the resident's side of each step, then what staff must know
// of danger, of people who are watched, and of the night. It is the test that the
// page can be used without reading anything, and takes the pictures of the
// staff's guide on its way. The product does not use it.
package walk

import (
	"fmt"
	"strconv"

	"github.com/tsunagu-chat/tsunagu/internal/demo/browser"
)

// Walker is on its way through a demo's page. Page and Shoot are required.
type Walker struct {
	Page *browser.Page
	// Shoot is called where something is worth a picture: of the element that
	// fits the selector, when nothing moves any more.
	Shoot func(name, selector string)
}

const (
	button = "#desk .bk-button"
	tab    = `#desk [role="tab"]`
	menu   = "#desk .bk-actions select"
	answer = "#phone .flex-button, #phone .quick-reply"

	// What pictures are taken of.
	home  = "#desk-home"
	desk  = ".desk-main"
	form  = ".modal"
	phone = "#phone"
)

// Whole goes all the way. It returns the first thing that did not come.
func (w Walker) Whole(url string) error {
	p := w.Page
	p.Size(1440, 900, 1)
	p.Go(url)
	p.Until("the page", `document.body.classList.contains("ready")`)
	p.Press(`#clock [data-to="day"]`, "")
	for _, part := range []struct {
		name string
		walk func()
	}{
		{"ask", w.ask}, {"claim", w.claim}, {"home", w.home}, {"reply", w.reply}, {"chatter", w.chatter}, {"pictures", w.pictures},
		{"invite", w.invite}, {"plan", w.plan}, {"hand over", w.handOver}, {"close", w.end},
		{"danger", w.danger}, {"hide", w.hide}, {"template", w.template}, {"night", w.night},
	} {
		if part.walk(); p.Err() != nil {
			return fmt.Errorf("%s: %w", part.name, p.Err())
		}
	}
	return nil
}

// ask is the resident who wants staff to know.
func (w Walker) ask() {
	p := w.Page
	p.Press(`[data-example="money"]`, "")
	p.Until("what the bot shows", `document.querySelector("#phone .flex-button") !== null && !document.body.classList.contains("playing")`)
	p.Press(answer, "しょくいん")
	p.Press(answer, "はい")
	w.phoneSays("T-")
	p.Until("the card", `document.querySelector("#desk .bk-header") !== null`)
	p.Rest()
	p.Show("#desk .by", "つなぐ")
	w.Shoot("card", desk)
}

func (w Walker) claim() {
	w.Page.Press(button, "引き受ける")
	w.deskSays("から）")
	w.phoneSays("田中")
	w.Shoot("claim", desk)
}

// home is the person's own list, from which the case is opened.
func (w Walker) home() {
	p := w.Page
	p.Press(tab, "ホーム")
	p.Until("the case under わたしの相談", `/わたしの相談　1件\s*T-[\s\S]*待っている相談（古い順）　0件/.test(document.querySelector("`+home+`").textContent)`)
	w.Shoot("home", home)
	p.Press(home+" a", "T-")
	p.Until("its thread", `document.querySelector(".desk-head").textContent.includes("スレッド") && document.querySelector(".messages .bk-header").offsetParent !== null`)
	w.deskSays("田中さん（")
	p.Press("#desk .back", "")
}

// reply writes, looks, sends, takes back within ten seconds, and sends again.
func (w Walker) reply() {
	p := w.Page
	p.Press(button, "返信")
	p.Until("the form", `document.querySelector(".modal textarea") !== null`)
	p.Type(".modal textarea", "こんにちは。田中です。家賃は はらえて いますか。")
	p.Press(".modal .primary", "確かめる")
	p.Until("the preview", `document.querySelector("#modal-title")?.textContent === "こう届きます"`)
	w.Shoot("preview", form)
	p.Press(".modal .primary", "送る")
	// The thread opens by itself: nobody looks for the button for ten seconds.
	p.Until("the way back", `document.querySelector("#desk .bk-button.danger")?.textContent === "取り消す"`)
	w.Shoot("undo", desk)
	p.Press(button, "取り消す")
	w.deskSays("ご本人には届いていません")
	if p.True(`document.querySelector("#phone .bot-face.staff") !== null`) {
		p.Fail("a reply taken back reached the phone")
	}
	p.Press(button, "書き直す")
	p.Until("the form", `document.querySelector(".modal textarea")?.value.includes("家賃") === true`)
	p.Press(".modal .primary", "確かめる")
	p.Press(".modal .primary", "送る")
	w.deskSays("届きました")
	p.Until("the answer on the phone", `document.querySelector("#phone .bot-face.staff") !== null`)
	p.Type("#phone textarea", "家賃は まだ はらって いません")
	p.Press("#phone .send", "")
	w.deskSays("家賃は まだ はらって いません")
	w.Shoot("delivered", phone)
}

// chatter is what staff say among themselves, but for a line marked as the
// resident's.
func (w Walker) chatter() {
	p := w.Page
	p.Type("#desk .desk-composer textarea", "住まいの窓口にも聞いてみます")
	p.Press("#desk .send", "")
	w.deskSays("住まいの窓口にも聞いてみます")
	w.Shoot("chatter", desk)
	if p.True(`document.querySelector("#phone").textContent.includes("聞いてみます")`) {
		p.Fail("staff's talk reached the phone")
	}
	p.Type("#desk .desk-composer textarea", ">> あした 紙を 送ります。")
	p.Until("the warning who will read", `document.querySelector("#desk .desk-composer.reaches") !== null`)
	w.Shoot("line", desk)
	p.Press("#desk .send", "")
	w.phoneSays("あした 紙")
}

// pictures go both ways: the resident's of a letter, staff's of the way.
func (w Walker) pictures() {
	p := w.Page
	p.Press(`#phone .composer [aria-expanded]`, "")
	p.Press("#phone .tray-item", "写真見本")
	p.Until("the letter on the phone", shown("#phone .mine img"))
	p.Until("the letter in Slack", shown("#desk .shared img"))
	p.Press(`#desk .desk-composer [aria-expanded]`, "")
	p.Press("#desk .tray-item", "写真見本")
	p.Until("the chosen picture", `document.querySelector("#desk .pick") !== null`)
	p.Type("#desk .desk-composer textarea", ">> ここに 来て ください。")
	p.Until("the warning who will see it", `document.querySelector("#desk .reaches .reach")?.textContent.includes("この行とファイル") === true`)
	w.Shoot("file", desk)
	p.Press("#desk .send", "")
	p.Until("the way on the phone", shown("#phone .theirs img"))
	w.Shoot("picture", phone)
}

// shown is true once a picture that fits the selector has come.
func shown(selector string) string {
	return `[...document.querySelectorAll(` + strconv.Quote(selector) + `)].some((i) => i.naturalWidth > 100)`
}

// invite calls another window in, whose person comes.
func (w Walker) invite() {
	p := w.Page
	p.Choose(menu, "ほかの窓口を呼ぶ")
	p.Choose(".modal select", "住まいの相談")
	p.Type(".modal input", "家賃のことを、いっしょに考えてください")
	w.Shoot("invite", form)
	p.Press(".modal .primary", "呼ぶ")
	w.deskSays("を呼びました")
	w.staff("佐藤")
	w.channel("住まい")
	w.deskSays("いっしょに考えてください")
	w.Shoot("invited", desk)
	p.Press(button, "加わる")
	w.deskSays("佐藤さんが加わりました")
	w.phoneSays("すむ")
	w.Shoot("joined", phone)
}

// plan writes two steps down, which the resident agrees to; each side ticks
// one off.
func (w Walker) plan() {
	p := w.Page
	w.staff("田中")
	w.channel("相談")
	w.thread()
	p.Choose(menu, "計画")
	p.Until("the form", `document.querySelector(".modal textarea") !== null`)
	p.Type(".modal textarea", "いまの へやに すみつづけたい")
	for i, step := range []struct{ text, who string }{{"家賃の 紙を 送る", "職員"}, {"大家さんに 話す", "ご本人"}} {
		n := strconv.Itoa(i + 1)
		p.Type(field("step"+n, "input"), step.text)
		p.Choose(field("who"+n, "select"), step.who)
	}
	w.Shoot("plan", form)
	p.Press(".modal .primary", "ご本人に見せる")
	p.Until("the plan on the phone", `[...document.querySelectorAll("#phone .flex-bubble")].some((b) => b.textContent.includes("こうしませんか") && b.textContent.includes("大家（おおや）さん"))`)
	w.Shoot("plan-phone", phone)
	p.Press(answer, "はい")
	w.deskSays("できた：")
	p.Press(answer, "大家さん")
	w.deskSays("☑ 大家さん")
	p.Press(button, "できた：")
	w.deskSays("☑ 家賃")
	p.Rest()
	p.Show("#desk .bk-section", "いっしょに決めたこと")
	w.Shoot("plan-done", desk)
}

// handOver asks the resident first, then the next window, which accepts.
func (w Walker) handOver() {
	p := w.Page
	p.Press(button, "引き継ぐ")
	p.Choose(".modal select", "住まいの相談")
	p.Type(".modal textarea", "家賃の ことが いちばん 大切だから")
	p.Type(field("when", "input"), "あすの 午前")
	w.Shoot("hand-over", form)
	p.Press(".modal .primary", "引き継ぐ")
	w.phoneSays("大切（たいせつ）だから")
	w.Shoot("hand-over-phone", phone)
	p.Press(answer, "はい")
	w.staff("佐藤")
	w.channel("住まい")
	w.deskSays("引き継ぎのおねがい")
	w.Shoot("hand-over-next", desk)
	p.Press(button, "受ける")
	w.deskSays("佐藤さん（")
	w.phoneSays("佐藤")
	w.Shoot("handed-over", phone)
}

// end closes the case and is told how it was.
func (w Walker) end() {
	p := w.Page
	p.Press(button, "終了")
	p.Choose(".modal select", "解決")
	w.Shoot("close", form)
	p.Press(".modal .primary", "終了する")
	p.Until("the question on the phone", `document.querySelector("#phone .quick-reply") !== null`)
	w.Shoot("close-phone", phone)
	p.Press(answer, "よかった")
	w.deskSays("よかった")
	w.Shoot("rated", desk)
}
