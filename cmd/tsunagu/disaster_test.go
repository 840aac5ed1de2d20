package main

import (
	"context"
	"encoding/json"
	"maps"
	"os"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/tsunagu-chat/tsunagu/intents"
	"github.com/tsunagu-chat/tsunagu/internal/standin/lineapi"
)

// TestDisasterInThePackChangesTheMenus: somebody saves "disaster: true" in
// city.yaml of a running service, and every phone gets the menu for it, in its
// language, with an open case and without, known to us or not; back again the
// same. A broken pack changes nothing.
func TestDisasterInThePackChangesTheMenus(t *testing.T) {
	t.Parallel()
	s := openStage(t, engines(t)[0], morning, townOptions{})
	m, ok, err := intents.EmbeddedModel(mustLoad(t))
	if err != nil || !ok {
		t.Fatal("no model", ok, err)
	}
	folder := smallPack(t)
	p, problems, err := intents.Load(os.DirFS(folder))
	if err != nil {
		t.Fatal(err, problems)
	}
	watch := s.service.watchOf(folder, p, m)
	ctx, stop := context.WithCancel(t.Context())
	var parts sync.WaitGroup
	t.Cleanup(func() { stop(); parts.Wait() }) // before the service stops
	parts.Go(func() { _ = s.service.keepMenus(ctx, 20*time.Millisecond) })

	person := map[string]string{"with a case": s.user}
	for _, name := range []string{"in English", "in easy Japanese", "not seen before"} {
		if person[name], err = s.town.line.AddUser(lineapi.User{Name: name}); err != nil {
			t.Fatal(err)
		}
	}
	write := func(who, text string) {
		t.Helper()
		if r, err := s.town.line.Deliver(ctx, s.town.line.Message(lineapi.Person(person[who]), lineapi.Text{Text: text})); err != nil || !r.OK() {
			t.Fatal(r, err)
		}
	}
	shows := func(when string, want map[string]string) {
		t.Helper()
		end := time.Now().Add(within)
		for {
			got := map[string]string{}
			for who, id := range person {
				got[who] = menuOn(s.town.line, id)
			}
			if maps.Equal(got, want) {
				return
			}
			if time.Now().After(end) {
				t.Fatalf("%s: got %v, want %v", when, got, want)
			}
			time.Sleep(10 * time.Millisecond)
		}
	}
	s.acts(opening)
	write("in English", "I cannot pay my electricity bill")
	write("in easy Japanese", "でんきだいが はらえません")
	usual := map[string]string{
		"with a case": "case-ja", "in English": "usual-en", "in easy Japanese": "usual-ja-easy", "not seen before": "usual-ja",
	}
	shows("before", usual)

	w := &watched{t: t, folder: folder}
	asked := make(chan os.Signal)
	parts.Go(func() { _ = watch.Run(ctx, time.Hour, asked) })
	read := func() { // has the folder read as kill -HUP does; the second comes when the first is done
		asked <- syscall.SIGHUP
		asked <- syscall.SIGHUP
	}
	w.save("city.yaml", `(?m)^disaster: false$`, "disaster: true")
	read()
	flood := map[string]string{
		"with a case": "disaster-case-ja", "in English": "disaster-en", "in easy Japanese": "disaster-ja-easy", "not seen before": "disaster-ja",
	}
	shows("in the disaster", flood)
	// Whoever comes now, and whoever's talk changes now, gets the menu for it too.
	write("not seen before", "수도가 나오지 않아요")
	flood["not seen before"] = "disaster-ko"
	shows("for who comes in the disaster", flood)

	w.save("city.yaml", `(?m)^disaster: true$`, "disaster: perhaps")
	read()
	shows("with a broken pack", flood)

	w.save("city.yaml", `(?m)^disaster: perhaps$`, "disaster: false")
	read()
	usual["not seen before"] = "usual-ko"
	shows("after it", usual)
}

// menuOn is the name of the menu on a phone, empty when there is none.
func menuOn(p *lineapi.Platform, user string) string {
	ph, _ := p.Phone(user)
	object, _, _, found := p.RichMenu(ph.RichMenuID)
	var m struct{ Name string }
	if !found || json.Unmarshal([]byte(object), &m) != nil {
		return ""
	}
	name, _, _ := strings.Cut(strings.TrimPrefix(m.Name, "tsunagu "), " ")
	return name
}
