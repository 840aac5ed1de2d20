package main

import (
	"context"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"

	"github.com/tsunagu-chat/tsunagu/internal/mailbox"
	"github.com/tsunagu-chat/tsunagu/internal/store"
)

// metrics are the figures of one process. Labels are our own words only:
// nothing a resident wrote, no ids.
type metrics struct {
	registry *prometheus.Registry
	line     *prometheus.CounterVec
	slack    *prometheus.CounterVec
	handled  *prometheus.CounterVec
	age      *prometheus.HistogramVec
}

func newMetrics(s *store.Store) *metrics {
	m := &metrics{
		registry: prometheus.NewRegistry(),
		line: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "tsunagu_line_total", Help: "Webhooks from LINE, their events, and calls to it, by result.",
		}, []string{"what", "result"}),
		slack: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "tsunagu_slack_total", Help: "Requests from Slack and calls to it, by result.",
		}, []string{"what", "result"}),
		handled: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "tsunagu_box_total", Help: "Pieces of mail and letters, by kind and fate.",
		}, []string{"box", "kind", "fate", "reason"}),
		age: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "tsunagu_box_age_seconds", Help: "From the time a piece came or was written to its fate.",
			Buckets: []float64{.01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 30, 60, 300, 3600},
		}, []string{"box"}),
	}
	m.registry.MustRegister(m.line, m.slack, m.handled, m.age, collectors.NewGoCollector(),
		collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}), backlog{s})
	return m
}

func (m *metrics) lineCall(what, result string)  { m.line.WithLabelValues(what, result).Inc() }
func (m *metrics) slackCall(what, result string) { m.slack.WithLabelValues(what, result).Inc() }

func (m *metrics) observe(o mailbox.Observation) {
	m.handled.WithLabelValues(o.Box, o.Kind, string(o.Fate), o.Reason).Inc()
	m.age.WithLabelValues(o.Box).Observe(o.Age.Seconds())
}

// backlog asks the database what waits, whenever somebody looks.
type backlog struct{ *store.Store }

func desc(name, help string) *prometheus.Desc { return prometheus.NewDesc(name, help, nil, nil) }

// Describe implements prometheus.Collector: the figures are found at Collect.
func (backlog) Describe(chan<- *prometheus.Desc) {}

// Collect implements prometheus.Collector.
func (b backlog) Collect(out chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
	defer cancel()
	f, err := b.Backlog(ctx)
	if err != nil {
		return
	}
	for _, g := range []struct {
		name, help string
		value      float64
	}{
		{"tsunagu_mail_waiting", "Mail that is due and not acted on.", float64(f.Mail)},
		{"tsunagu_mail_later", "Due times still to come.", float64(f.Later)},
		{"tsunagu_mail_oldest_seconds", "Age of the oldest of it.", f.MailAge.Seconds()},
		{"tsunagu_letters_waiting", "Letters that are due and not away.", float64(f.Letters)},
		{"tsunagu_letters_oldest_seconds", "Age of the oldest of them.", f.LetterAge.Seconds()},
		{"tsunagu_mail_parked", "Mail put aside after it failed too often.", float64(f.Parked)},
		{"tsunagu_letters_buried", "Letters that can never be sent.", float64(f.Buried)},
		{"tsunagu_cases_open", "Cases that are not closed.", float64(f.OpenCases)},
		{"tsunagu_cases_new", "Cases nobody has taken.", float64(f.NewCases)},
	} {
		out <- prometheus.MustNewConstMetric(desc(g.name, g.help), prometheus.GaugeValue, g.value)
	}
}
