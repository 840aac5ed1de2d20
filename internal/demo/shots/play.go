package main

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/tsunagu-chat/tsunagu/internal/demo/browser"
	"github.com/tsunagu-chat/tsunagu/internal/demo/walk"
)

// takeAll plays the conversation of the README: a mother who forgets, handed
// over to staff, who answer.
func takeAll(p *browser.Page, url, out string) error {
	shoot := func(name string) {
		p.Rest()
		if picture := p.Picture(); p.Err() == nil {
			if err := os.WriteFile(filepath.Join(out, name+".png"), picture, 0o600); err != nil {
				fmt.Fprintln(os.Stderr, "shots:", err)
			}
		}
	}
	p.Size(1440, 900, 1)
	p.Go(url)
	p.Until("the page", `document.body.classList.contains("ready")`)
	p.Press(`#clock [data-to="day"]`, "")
	p.Press(`[data-example="forgets"]`, "")
	p.Until("the card", `document.querySelector("#phone .flex-button") !== null && !document.body.classList.contains("playing")`)
	shoot("phone-card")
	p.Press("#phone .flex-button, #phone .quick-reply", "職員に話す")
	p.Press("#phone .flex-button, #phone .quick-reply", "伝えて")
	p.Press("#desk .bk-button", "引き受ける")
	p.Until("the claim", `document.querySelector("#desk .messages").textContent.includes("から）")`)
	p.Press("#desk .bk-button", "返信")
	p.Until("the form", `document.querySelector(".modal textarea") !== null`)
	p.Type(".modal textarea", "こんにちは、田中です。お母さまはおひとり暮らしですか。")
	shoot("desk-reply")
	p.Press(".modal .primary", "確かめる")
	p.Press(".modal .primary", "送る")
	p.Until("the answer on the phone", `document.querySelector("#phone .bot-face.staff") !== null`)
	p.Until("that it arrived", `document.querySelector("#desk .messages").textContent.includes("届きました")`)
	shoot("desk-thread")
	p.Press("#desk .back", "")
	p.Until("the thread", `document.querySelector("#desk").textContent.includes("件の返信")`)
	shoot("demo")
	p.Size(390, 844, 2)
	for _, part := range []string{"phone", "desk", "mind"} {
		p.Press("#tab-"+part, "")
		shoot("narrow-" + part)
	}
	if err := p.Err(); err != nil {
		return err
	}
	return takeLanguages(p, url, out)
}

// takeWalk takes the pictures of the staff's guide.
func takeWalk(p *browser.Page, url, out string) error {
	return walk.Walker{Page: p, Shoot: func(name, selector string) {
		p.Rest()
		if picture := p.PictureOf(selector); p.Err() == nil {
			if err := os.WriteFile(filepath.Join(out, "walk-"+name+".png"), picture, 0o600); err != nil {
				p.Fail(err.Error())
			}
		}
	}}.Whole(url)
}
