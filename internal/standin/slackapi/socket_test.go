package slackapi

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gorilla/websocket"
	"github.com/slack-go/slack"
	"github.com/slack-go/slack/slackevents"
	"github.com/slack-go/slack/socketmode"
)

// socketApp runs the SDK's Socket Mode client; answer acknowledges.
func socketApp(t *testing.T, w *Workspace, api *slack.Client, answer func(*socketmode.Client, socketmode.Event)) {
	t.Helper()
	client := socketmode.New(api)
	ctx, cancel := context.WithCancel(t.Context())
	var group sync.WaitGroup
	group.Go(func() { _ = client.RunContext(ctx) })
	group.Go(func() {
		for {
			select {
			case event := <-client.Events:
				if event.Request != nil && event.Request.EnvelopeID != "" {
					answer(client, event)
				}
			case <-ctx.Done():
				return
			}
		}
	})
	t.Cleanup(func() {
		cancel()
		group.Wait()
	})
	if err := w.Wait(short(t), func() bool { return w.Sockets() > 0 }); err != nil {
		t.Fatalf("no connection: %v", err)
	}
}

func TestSocketMode(t *testing.T) {
	t.Parallel()
	w, api := start(t, func(c *Config) { c.PingEvery = 10 * time.Millisecond })
	events := make(chan socketmode.Event, 10)
	socketApp(t, w, api, func(c *socketmode.Client, e socketmode.Event) {
		events <- e
		switch e.Type {
		case socketmode.EventTypeSlashCommand:
			_ = c.Ack(*e.Request, map[string]string{"text": "うけつけました"})
		case socketmode.EventTypeInteractive:
			if ic, _ := e.Data.(slack.InteractionCallback); ic.Type == slack.InteractionTypeViewSubmission {
				_ = c.Ack(*e.Request, slack.NewErrorsViewSubmissionResponse(map[string]string{"body": "短すぎます"}))
				return
			}
			_ = c.Ack(*e.Request)
		default:
			_ = c.Ack(*e.Request)
		}
	})
	ctx := short(t)
	ts, err := w.Post(sato, town, "", "こんにちは")
	if err != nil {
		t.Fatal(err)
	}
	settle(t, w)
	e := <-events
	inner, _ := e.Data.(slackevents.EventsAPIEvent)
	if m, ok := inner.InnerEvent.Data.(*slackevents.MessageEvent); !ok || m.TimeStamp != ts || e.Request.AcceptsResponsePayload {
		t.Errorf("got %+v", e)
	}
	if _, err := w.Command(ctx, sato, desk, "/tsunagu", "x"); err != nil {
		t.Fatal(err)
	}
	if got := w.Ephemerals(sato); len(got) != 1 || got[0].Text != "うけつけました" {
		t.Errorf("the command's answer: got %+v", got)
	}
	<-events
	cardTS := card(t, api, desk)
	settle(t, w)
	<-events // the app's own post
	out, err := w.Click(ctx, On(sato, desk, cardTS), "返信")
	if err != nil || out.Via != "socket" {
		t.Fatalf("got %+v, %v", out, err)
	}
	e = <-events
	ic, _ := e.Data.(slack.InteractionCallback)
	if _, err := api.OpenViewContext(ctx, ic.TriggerID, modal("返信", nil)); err != nil {
		t.Fatal(err)
	}
	if _, err := w.FillAndSubmit(ctx, sato, map[string]any{"body": "x"}); err != nil {
		t.Fatal(err)
	}
	if v, _ := w.Modal(sato); v.Errors["body"] != "短すぎます" {
		t.Errorf("errors over the socket: got %+v", v)
	}
	for _, d := range w.Deliveries() {
		if d.Via != "socket" || !d.Acked {
			t.Errorf("got %+v", d)
		}
	}
	if got := w.Violations(); len(got) != 0 {
		t.Errorf("got violations %v", got)
	}
	time.Sleep(50 * time.Millisecond) // five pings, all answered
	if w.Sockets() != 1 {
		t.Error("the connection is gone")
	}
}

func TestSocketReconnect(t *testing.T) {
	t.Parallel()
	w, api := start(t, nil)
	got := make(chan string, 10)
	socketApp(t, w, api, func(c *socketmode.Client, e socketmode.Event) {
		got <- string(e.Type)
		_ = c.Ack(*e.Request)
	})
	w.DisconnectSockets("warning")
	if w.Sockets() != 1 {
		t.Error("a warning closes the connection")
	}
	w.DisconnectSockets("refresh_requested")
	ctx := short(t)
	if err := w.Wait(ctx, func() bool { return w.Sockets() == 1 }); err != nil {
		t.Fatalf("no new connection: %v", err)
	}
	if got := w.Counters().Calls["apps.connections.open"]; got < 2 {
		t.Errorf("apps.connections.open was called %d times, want again for the new connection", got)
	}
	if _, err := w.Post(sato, town, "", "x"); err != nil {
		t.Fatal(err)
	}
	select {
	case <-got:
	case <-ctx.Done():
		t.Error("nothing arrives after the reconnection")
	}
}

// dialSocket connects without the SDK and reads the hello.
func dialSocket(t *testing.T, w *Workspace) *websocket.Conn {
	t.Helper()
	_, out := raw(t, w, "apps.connections.open", formType, testApp, "")
	address, _ := out["url"].(string)
	conn, res, err := websocket.DefaultDialer.DialContext(short(t), address, nil)
	if err != nil {
		t.Fatalf("dial %q: %v", address, err)
	}
	_ = res.Body.Close()
	t.Cleanup(func() { _ = conn.Close() })
	var hello obj
	if err := conn.ReadJSON(&hello); err != nil || hello["type"] != "hello" || hello["connection_info"].(obj)["app_id"] != "A0STANDIN" {
		t.Fatalf("hello: got %v, %v", hello, err)
	}
	if dialStatus(t, address) != http.StatusForbidden {
		t.Error("the same address works twice")
	}
	return conn
}

// dialStatus tries to connect and returns the HTTP status of the answer.
func dialStatus(t *testing.T, address string) int {
	t.Helper()
	conn, res, err := websocket.DefaultDialer.DialContext(short(t), address, nil)
	if err == nil {
		_ = conn.Close()
	}
	if res == nil {
		t.Fatalf("dial %s: %v", address, err)
	}
	_ = res.Body.Close()
	return res.StatusCode
}

func TestSocketRules(t *testing.T) {
	t.Parallel()
	w, _ := start(t, func(c *Config) {
		c.AckTimeout = 500 * time.Millisecond
		c.Retries = []time.Duration{0}
	})
	conn := dialSocket(t, w)
	if err := w.Wait(short(t), func() bool { return w.Sockets() == 1 }); err != nil {
		t.Fatal(err)
	}
	if _, err := w.Post(sato, town, "", "x"); err != nil {
		t.Fatal(err)
	}
	read := func() obj {
		var envelope obj
		if err := conn.ReadJSON(&envelope); err != nil {
			t.Fatal(err)
		}
		return envelope
	}
	first := read()
	if first["type"] != "events_api" || first["retry_attempt"] != 0.0 || first["accepts_response_payload"] != false {
		t.Errorf("got %v", first)
	}
	again := read() // not acknowledged in time
	if again["retry_attempt"] != 1.0 || again["retry_reason"] != "timeout" || again["payload"].(obj)["event_id"] != first["payload"].(obj)["event_id"] {
		t.Errorf("got %v", again)
	}
	for _, ack := range []any{
		obj{"envelope_id": first["envelope_id"]},                         // too late
		obj{"envelope_id": "nonsense"},                                   // never sent
		obj{"payload": "x"},                                              // no envelope
		obj{"envelope_id": "x", "payload": strings.Repeat("x", 21*1024)}, // too large
		obj{"envelope_id": again["envelope_id"], "payload": obj{"text": "?"}},
	} {
		if err := conn.WriteJSON(ack); err != nil {
			t.Fatal(err)
		}
	}
	settle(t, w)
	for _, code := range []string{"unknown_envelope", "bad_envelope", "answer_too_large", "payload_not_accepted"} {
		if !hasViolation(w, ViolationBadAnswer, code) {
			t.Errorf("no violation %s among %v", code, w.Violations())
		}
	}
	if !hasViolation(w, ViolationLateAck, "timeout") {
		t.Error("the missing acknowledgement is no violation")
	}
}

func TestTenConnections(t *testing.T) {
	t.Parallel()
	w, _ := start(t, nil)
	conns := make([]*websocket.Conn, 0, 10)
	for range 10 {
		conns = append(conns, dialSocket(t, w))
	}
	if err := w.Wait(short(t), func() bool { return w.Sockets() == 10 }); err != nil {
		t.Fatal(err)
	}
	_, out := raw(t, w, "apps.connections.open", formType, testApp, "")
	if out["ok"] != false {
		t.Errorf("an eleventh connection: got %v", out)
	}
	// Deliveries go to all of them in turn.
	for i := range 10 {
		go func() {
			var envelope obj
			if conns[i].ReadJSON(&envelope) == nil {
				_ = conns[i].WriteJSON(obj{"envelope_id": envelope["envelope_id"]})
			}
		}()
	}
	for range 10 {
		if _, err := w.Post(sato, town, "", "x"); err != nil {
			t.Fatal(err)
		}
	}
	settle(t, w)
	if got := w.Counters().Unacked["message"]; got != 0 {
		t.Errorf("%d of 10 were not acknowledged: a connection got two", got)
	}
	_ = conns[0].Close()
	if err := w.Wait(short(t), func() bool { return w.Sockets() == 9 }); err != nil {
		t.Error(err)
	}
}

func TestSocketsNeedAnAppToken(t *testing.T) {
	t.Parallel()
	w, _ := start(t, func(c *Config) { c.AppToken = "" })
	_, out := raw(t, w, "apps.connections.open", formType, testApp, "")
	if out["error"] != "invalid_auth" {
		t.Errorf("got %v", out)
	}
	w, _ = start(t, func(c *Config) { c.AppScopes = []string{"authorizations:read"} })
	_, out = raw(t, w, "apps.connections.open", formType, testApp, "")
	if out["error"] != "missing_scope" {
		t.Errorf("got %v", out)
	}
	if got := dialStatus(t, "ws"+strings.TrimPrefix(w.base, "http")+"/link/?ticket=guess"); got != http.StatusForbidden {
		t.Errorf("a guessed ticket: got status %d", got)
	}
}

func TestClosingTheSocketFailsTheClick(t *testing.T) {
	t.Parallel()
	w, api := start(t, nil)
	ts := card(t, api, desk)
	settle(t, w)
	conn := dialSocket(t, w)
	if err := w.Wait(short(t), func() bool { return w.Sockets() == 1 }); err != nil {
		t.Fatal(err)
	}
	go func() {
		_, _, _ = conn.ReadMessage()
		_ = conn.Close()
	}()
	_, err := w.Click(short(t), On(sato, desk, ts), "返信")
	if late, ok := errors.AsType[*NotAcknowledgedError](err); !ok || late.Reason != "connection_failed" {
		t.Errorf("got %v", err)
	}
}
