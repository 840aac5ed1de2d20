package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/tsunagu-chat/tsunagu/bot"
	"github.com/tsunagu-chat/tsunagu/bot/understand"
	"github.com/tsunagu-chat/tsunagu/intents"
)

// smallPack is the shipped pack in a folder, with a few examples only.
func smallPack(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	err := fs.WalkDir(intents.Embedded(), ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			return os.MkdirAll(filepath.Join(dir, name), 0o750)
		}
		b, err := fs.ReadFile(intents.Embedded(), name)
		if lines := strings.SplitAfter(string(b), "\n"); strings.HasPrefix(name, "examples/") && len(lines) > 8 {
			b = []byte(strings.Join(lines[:8], ""))
		}
		return errors.Join(err, os.WriteFile(filepath.Join(dir, name), b, 0o600))
	})
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

// watched is a pack in force, with its folder.
type watched struct {
	*packWatch
	t       *testing.T
	folder  string
	force   atomic.Pointer[bot.Bot]
	log     bytes.Buffer
	changes int
	saved   int
}

func watch(t *testing.T) *watched {
	t.Helper()
	w := &watched{t: t, folder: smallPack(t)}
	p, problems, err := intents.Load(os.DirFS(w.folder))
	if err != nil {
		t.Fatal(err, problems)
	}
	m, ok, err := intents.EmbeddedModel(mustLoad(t))
	if err != nil || !ok {
		t.Fatal("no model", ok, err)
	}
	w.force.Store(botOf(p, m, "https://example.jp"))
	w.packWatch = &packWatch{
		dir: os.DirFS(w.folder), name: "pack", training: p.Training, model: m, now: time.Now, log: slog.New(slog.NewTextHandler(&w.log, nil)),
		use: func(p *intents.Pack, m *understand.Model) {
			w.changes++
			w.force.Store(botOf(p, m, "https://example.jp"))
		},
		train: func(*intents.Pack) (*understand.Model, error) { return m, nil },
	}
	w.seen = fingerprint(w.dir)
	w.done = w.seen
	return w
}

func mustLoad(t *testing.T) *intents.Pack {
	t.Helper()
	p, problems, err := intents.Load(intents.Embedded())
	if err != nil {
		t.Fatal(err, problems)
	}
	return p
}

// save changes a file, at a time of its own: clocks of file systems are coarse.
func (w *watched) save(name, old, fresh string) {
	w.t.Helper()
	path := filepath.Join(w.folder, name)
	b, err := os.ReadFile(path)
	if err != nil {
		w.t.Fatal(err)
	}
	text := regexp.MustCompile(old).ReplaceAllString(string(b), fresh)
	if text == string(b) {
		w.t.Fatalf("%s has no %s", name, old)
	}
	w.saved++
	at := time.Now().Add(time.Duration(w.saved) * time.Second)
	if err := errors.Join(os.WriteFile(path, []byte(text), 0o600), os.Chtimes(path, at, at)); err != nil {
		w.t.Fatal(err)
	}
}

// TestReloadUnderTraffic answers 1,000 messages while the pack changes twenty
// times: each answer is of one pack whole, though the folder is half old and
// half new in between, and everybody who looks then gets the old one.
func TestReloadUnderTraffic(t *testing.T) {
	t.Parallel()
	w := watch(t)
	ctx := t.Context()
	mark := regexp.MustCompile(`版[0-9]+版`)
	var next, mixed, marked atomic.Int64
	seen := sync.Map{}
	done := make(chan struct{})
	var talk sync.WaitGroup
	for range 4 {
		talk.Go(func() {
			for n := next.Add(1); n <= 1000; n = next.Add(1) {
				_, effects := w.force.Load().Step(bot.State{Lang: bot.Ja, LangChosen: true}, bot.Input{ID: fmt.Sprint(n), At: time.Now(), Event: bot.Tapped{Data: "window:garbage"}})
				found := mark.FindAllString(fmt.Sprintf("%+v", effects), -1)
				for _, m := range found {
					marked.Add(1)
					seen.Store(m, true)
					if m != found[0] || len(found) != 4 { // sentence, alt text, title, description
						mixed.Add(1)
						t.Errorf("message %d was answered by halves: %v", n, found)
					}
				}
				if n < 1000 && n%50 == 0 { // the pack changes once every 50 messages
					select {
					case done <- struct{}{}:
					case <-ctx.Done():
					}
				}
			}
		})
	}
	for i := range 20 {
		version := fmt.Sprintf("版%d版", i)
		w.save("windows/garbage.yaml", `(?m)^  ja: (版[0-9]+版)?(.*)$`, "  ja: "+version+"$2")
		w.look(ctx) // half saved: nothing may change
		w.save("replies/ja.yaml", `(?m)^answer.chosen: .*$`, "answer.chosen: "+version+"こちらです。")
		w.look(ctx) // still being saved
		if i < 19 {
			<-done
		}
		w.look(ctx) // quiet: in force
	}
	talk.Wait()
	if w.changes != 20 || mixed.Load() > 0 {
		t.Errorf("%d changes came into force, %d answers were mixed; want 20 and 0\n%s", w.changes, mixed.Load(), w.log.String())
	}
	versions := 0
	seen.Range(func(any, any) bool { versions++; return true })
	if versions < 10 || marked.Load() < 1000 {
		t.Errorf("residents saw %d versions and %d marks: the test proves little", versions, marked.Load())
	}
}

// TestBrokenPackIsRefused keeps the old pack and says where the new one is
// broken; mended, it comes into force.
func TestBrokenPackIsRefused(t *testing.T) {
	t.Parallel()
	w := watch(t)
	before := w.force.Load()
	w.save("windows/dv.yaml", `team: rights`, "team: rights\nteem: x")
	w.look(t.Context())
	w.look(t.Context())
	w.look(t.Context())
	if w.force.Load() != before {
		t.Error("a broken pack came into force")
	}
	for _, want := range []string{"pack/windows/dv.yaml:", "teem", "did you mean team?", "the old one stays"} {
		if got := w.log.String(); !strings.Contains(got, want) {
			t.Errorf("the log says %s, want %s in it", got, want)
		}
	}
	if n := strings.Count(w.log.String(), "is refused"); n != 1 {
		t.Errorf("refused %d times, want once", n)
	}
	w.save("windows/dv.yaml", "\nteem: x", "")
	w.look(t.Context())
	w.look(t.Context())
	if w.force.Load() == before {
		t.Errorf("the mended pack did not come into force: %s", w.log.String())
	}
}

// TestChangedExamplesAreTrained keeps the old pack in force until the model of
// the new one is there, and the newest wins.
func TestChangedExamplesAreTrained(t *testing.T) {
	t.Parallel()
	w := watch(t)
	trained, go1 := 0, make(chan struct{})
	w.train = func(*intents.Pack) (*understand.Model, error) {
		trained++
		<-go1
		return w.model, nil
	}
	quiet := func() { w.look(t.Context()); w.look(t.Context()) }
	before := w.force.Load()
	w.save("examples/garbage.txt", `$`, "\nごみのことをおしえてくださいテスト\n")
	quiet()
	if w.force.Load() != before || w.trained == nil {
		t.Fatal("the pack came into force before its model was trained")
	}
	w.save("replies/ja.yaml", `(?m)^answer.chosen: .*$`, "answer.chosen: あとから直した文です。")
	quiet() // the same examples: it waits for the same model
	close(go1)
	w.finish(t.Context(), <-w.trained)
	if got := w.force.Load().Content().Reply(bot.Ja, "answer.chosen"); got != "あとから直した文です。" || trained != 1 {
		t.Errorf("got %q after %d trainings, want the newest sentence after one", got, trained)
	}
	w.train = func(*intents.Pack) (*understand.Model, error) { return nil, errors.New("no") }
	w.save("examples/garbage.txt", `$`, "\nごみのことをもういちどテスト\n")
	quiet()
	w.finish(t.Context(), <-w.trained)
	if !strings.Contains(w.log.String(), "could not be trained; the old pack stays") {
		t.Errorf("log: %s", w.log.String())
	}
}

// TestHangUpReadsAtOnce takes a signal for "everything is saved".
func TestHangUpReadsAtOnce(t *testing.T) {
	t.Parallel()
	w := watch(t)
	ctx, cancel := context.WithCancel(t.Context())
	used := make(chan struct{})
	use := w.use
	w.use = func(p *intents.Pack, m *understand.Model) { use(p, m); close(used) }
	hup := make(chan os.Signal)
	ended := make(chan error, 1)
	go func() { ended <- w.Run(ctx, time.Hour, hup) }()
	w.save("replies/ja.yaml", `(?m)^answer.chosen: .*$`, "answer.chosen: 直しました。")
	hup <- os.Interrupt
	<-used
	if got := w.force.Load().Content().Reply(bot.Ja, "answer.chosen"); got != "直しました。" {
		t.Errorf("got %q", got)
	}
	cancel()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}
