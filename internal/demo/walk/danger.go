package walk

// danger rings in its own channel, without waiting for anybody's yes.
func (w Walker) danger() {
	p := w.Page
	w.staff("田中")
	p.Press(`[data-example="danger"]`, "")
	w.phoneSays("職員にも、いま知らせました")
	w.channel("緊急")
	w.deskSays("ご本人の同意を待たずに")
	p.Rest()
	p.Show("#desk .by", "つなぐ")
	w.Shoot("danger", desk)
}

// hide is somebody who may be watched, and says so.
func (w Walker) hide() {
	p := w.Page
	p.Until("the end of the example", `!document.body.classList.contains("playing")`)
	p.Press(`[data-id="new"]`, "")
	p.Until("a new phone", `document.querySelectorAll("#phone .mine").length === 0 && document.querySelectorAll("#phone .theirs").length > 0`)
	p.Type("#phone textarea", "夫に殴られています")
	p.Press("#phone .send", "")
	w.phoneSays("あなたは悪くありません")
	p.Type("#phone textarea", "かくす")
	p.Press("#phone .send", "")
	w.phoneSays("つなぐです。")
	w.Shoot("hide-phone", phone)
	w.deskSays("「かくす」と書きました")
	p.Rest()
	p.Show("#desk .bk-section", "「かくす」と書きました")
	w.Shoot("hide", desk)
}

// template begins a reply with the office's words.
func (w Walker) template() {
	p := w.Page
	p.Press(button, "引き受ける")
	w.deskSays("田中さん（")
	p.Choose(menu, "ひな形")
	p.Choose(".modal select", "あいさつ")
	w.Shoot("template", form)
	p.Press(".modal .primary", "次へ")
	p.Until("its words", `document.querySelector(".modal textarea")?.value.includes("田中") === true`)
	p.Press(".modal .bk-button", "やめる")
	p.Press(".modal .bk-button", "やめる") // the one below
	p.Until("the desk", `document.querySelector(".modal") === null`)
}

// night is when nobody is there.
func (w Walker) night() {
	p := w.Page
	p.Press(`#clock [data-to="night"]`, "")
	p.Press(`[data-example="forgets"]`, "")
	p.Until("what the bot shows", `document.querySelector("#phone .flex-button") !== null && !document.body.classList.contains("playing")`)
	p.Press(answer, "LINEで")
	p.Press(answer, "はい、伝えて")
	w.phoneSays("職員がいない時間です")
	w.Shoot("night", phone)
}
