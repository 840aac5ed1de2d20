package understand

import (
	"fmt"
	"math"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"testing"
	"time"
)

func labPack(tb testing.TB) Pack {
	var p Pack
	read := func(n string) [][]string {
		b, err := os.ReadFile(n)
		if err != nil {
			tb.Fatal(err)
		}
		var o [][]string
		for l := range strings.Lines(string(b)) {
			o = append(o, strings.Split(strings.TrimRight(l, "\n"), "\t"))
		}
		return o
	}
	for _, f := range read("testdata/pack/windows.tsv") {
		p.Windows = append(p.Windows, WindowInfo{ID: f[0], Kind: f[1]})
	}
	if os.Getenv("NOLEX") == "" {
		b, _ := os.ReadFile("testdata/pack/lexicon.txt")
		p.Lexicon, _ = ParseLexicon("lexicon.txt", b)
	}
	if os.Getenv("NOCUE") == "" {
		b, _ := os.ReadFile("testdata/pack/cues.txt")
		p.Cues, _ = ParseCues("cues.txt", b)
	}
	pat := os.Getenv("UNDERSTAND_EXAMPLES")
	files, _ := filepath.Glob(pat)
	for _, f := range files {
		b, _ := os.ReadFile(f)
		e, pr := ParseExamples(f, b)
		if len(pr) > 0 {
			fmt.Println(len(pr), "problems", pr[0])
		}
		p.Examples = append(p.Examples, e...)
	}
	known := map[string]bool{}
	for _, w := range p.Windows {
		known[w.ID] = true
	}
	var ok []Example
	for _, e := range p.Examples {
		good := e.Window == "" || known[e.Window]
		for _, a := range e.Also {
			good = good && known[a]
		}
		if good {
			ok = append(ok, e)
		}
	}
	p.Examples = ok
	return p
}

type labScore struct {
	n                 int
	first, three      float64
	ce, temp          float64
	also              float64
	dang3, dang6, auc float64
	person            float64
	lang              map[string][2]int
}

func labEval(samples []sample, held []outputs, l layout, langs []string) labScore {
	var c calibration
	c.learn(samples, held, l)
	s := labScore{temp: c.Temperature, lang: map[string][2]int{}}
	var na, fa, np, pp int
	type ds struct {
		x   float32
		pos bool
	}
	var d []ds
	for i := range samples {
		z := held[i].z
		if z == nil {
			continue
		}
		sm := &samples[i]
		d = append(d, ds{z[l.any()], sm.kind >= 0})
		if sm.other >= 0 {
			np++
			if (c.Other.of(z[l.other()]) >= 0.5) == (sm.other == 1) {
				pp++
			}
		}
		if sm.window < 0 {
			continue
		}
		s.n++
		rank := 0
		for j := range l.windows {
			if z[j] > z[sm.window] {
				rank++
			}
		}
		lg := s.lang[langs[i]]
		lg[1]++
		if rank == 0 {
			s.first++
			lg[0]++
		}
		s.lang[langs[i]] = lg
		if rank < 3 {
			s.three++
		}
		for _, a := range sm.also {
			na++
			r := 0
			for j := range l.windows {
				if z[j] > z[a] {
					r++
				}
			}
			if r < 3 {
				fa++
			}
		}
		s.ce += crossEntropy(z[:l.windows], sm.window, c.Temperature)
	}
	s.first /= float64(s.n)
	s.three /= float64(s.n)
	s.ce /= float64(s.n)
	s.also = float64(fa) / math.Max(1, float64(na))
	s.person = float64(pp) / float64(max(1, np))
	sort.Slice(d, func(i, j int) bool { return d[i].x > d[j].x })
	pos, neg := 0, 0
	for _, x := range d {
		if x.pos {
			pos++
		} else {
			neg++
		}
	}
	tp, fp := 0, 0
	for _, x := range d {
		if x.pos {
			tp++
		} else {
			fp++
			s.auc += float64(tp)
		}
		if float64(fp) <= 0.03*float64(neg) {
			s.dang3 = float64(tp) / float64(pos)
		}
		if float64(fp) <= 0.06*float64(neg) {
			s.dang6 = float64(tp) / float64(pos)
		}
	}
	s.auc /= float64(pos) * float64(neg)
	return s
}

func (s labScore) String() string {
	var ks []string
	for k := range s.lang {
		ks = append(ks, k)
	}
	sort.Strings(ks)
	o := fmt.Sprintf("first %.4f three %.4f ce %.4f T %.2f also %.3f | dang@3 %.4f @6 %.4f auc %.4f | person %.3f |", s.first, s.three, s.ce, s.temp, s.also, s.dang3, s.dang6, s.auc, s.person)
	for _, k := range ks {
		v := s.lang[k]
		o += fmt.Sprintf(" %s %.3f(%d)", k, float64(v[0])/float64(v[1]), v[1])
	}
	return o
}

type labConf struct {
	name  string
	set   func(t *trainer)
	tweak func(o *settings)
	after func(t *trainer)
}

func (t *trainer) labRun(tweak func(o *settings)) ([]outputs, time.Duration) {
	start := time.Now()
	held := make([]outputs, len(t.samples))
	folds := min(5, len(t.voices))
	for f := range folds {
		var train []sample
		for i := range t.samples {
			if t.samples[i].voice%folds != f {
				train = append(train, t.samples[i])
			}
		}
		o := t.settings()
		if tweak != nil {
			tweak(&o)
		}
		m := fit(train, len(t.model.space.keys), t.model.layout, o)
		for i := range t.samples {
			if s := &t.samples[i]; s.source >= 0 && s.voice%folds == f {
				held[i].z, held[i].best = m.outputs(s)
			}
		}
	}
	return held, time.Since(start)
}

func TestLabSweep(t *testing.T) {
	if os.Getenv("UNDERSTAND_EXAMPLES") == "" || os.Getenv("SWEEP") == "" {
		t.Skip()
	}
	p := labPack(t)
	fmt.Println(len(p.Examples), "examples")
	for _, c := range labConfs(os.Getenv("SWEEP")) {
		tr := &trainer{pack: p, opt: Options{}.withDefaults(), index: make(map[string]int)}
		a, _ := newAnalyser()
		tr.model = newModel(p, a)
		for i, w := range p.Windows {
			tr.index[w.ID] = i
		}
		if c.set != nil {
			c.set(tr)
		}
		if err := tr.prepare(); err != nil {
			t.Fatal(err)
		}
		if c.after != nil {
			c.after(tr)
		}
		langs := make([]string, len(tr.samples))
		for i := range tr.samples {
			if s := tr.samples[i].source; s >= 0 {
				langs[i] = p.Examples[s].Lang
			}
		}
		held, dur := tr.labRun(c.tweak)
		fmt.Printf("%-22s F=%d %5.0fs %v\n", c.name, len(tr.model.space.keys), dur.Seconds(), labEval(tr.samples, held, tr.model.layout, langs))
	}
}

func labConfs(which string) []labConf {
	all := map[string][]labConf{
		"rate": {
			{name: "base"},
			{name: "rate .5", tweak: func(o *settings) { o.rate = .5 }},
			{name: "rate 2", tweak: func(o *settings) { o.rate = 2 }},
			{name: "drop .2", tweak: func(o *settings) { o.dropout = .2 }},
			{name: "drop .5", tweak: func(o *settings) { o.dropout = .5 }},
			{name: "epochs 15", tweak: func(o *settings) { o.epochs = 15 }},
			{name: "copies 0", set: func(t *trainer) { t.opt.Copies = -1 }},
			{name: "copies 2", set: func(t *trainer) { t.opt.Copies = 2 }},
		},
		"base": {{name: "base"}},
		"also": {
			{name: "also .7"},
			{name: "also .4", tweak: func(o *settings) { o.alsoW = .4 }},
			{name: "also 1", tweak: func(o *settings) { o.alsoW = 1 }},
			{name: "rate 3", tweak: func(o *settings) { o.rate = 3 }},
			{name: "rate 5", tweak: func(o *settings) { o.rate = 5 }},
			{name: "rate 3 e10", tweak: func(o *settings) { o.rate = 3; o.epochs = 10 }},
			{name: "rate 3 l2-0", tweak: func(o *settings) { o.rate = 3; o.l2 = 0 }},
			{name: "rate 3 l2-4", tweak: func(o *settings) { o.rate = 3; o.l2 = 1e-4 }},
		},
		"feat": {
			{name: "base"},
			{name: "rate 6 e10 l2-4", tweak: func(o *settings) { o.rate = 6; o.l2 = 1e-4; o.epochs = 10 }},
			{name: "drop .3", tweak: func(o *settings) { o.dropout = .3; o.epochs = 10 }},
		},
		"lx2": {
			{name: "old lexicon", set: func(t *trainer) {
				t.pack.Lexicon = t.pack.Lexicon[:134]
				t.model.concepts = t.pack.Lexicon
				t.model.lexicon = newConceptBook(t.pack.Lexicon, t.model.analyser)
			}},
			{name: "new lexicon"},
			{name: "new, drop .3", tweak: func(o *settings) { o.conceptDrop = .3 }},
		},
		"s3": {
			{name: "base"},
			{name: "copies 1", set: func(t *trainer) { t.opt.Copies = 1 }},
			{name: "e9", tweak: func(o *settings) { o.epochs = 9 }},
			{name: "drop .3", tweak: func(o *settings) { o.dropout = .3 }},
			{name: "urgentW 4", tweak: func(o *settings) { o.urgentW = 4 }},
			{name: "urgentW 1", tweak: func(o *settings) { o.urgentW = 1 }},
			{name: "read 1-4", set: func(t *trainer) { t.model.readingMin = 1 }},
			{name: "min df 3", set: func(t *trainer) { t.opt.Features = 70000 }},
		},
		"lex": {
			{name: "nolex", set: func(t *trainer) { t.model.lexicon = nil; t.pack.Lexicon = nil }},
			{name: "lex", set: func(t *trainer) {}},
			{name: "lex nocopy", set: func(t *trainer) { t.opt.ConceptCopy = -1 }},
			{name: "copies 1", set: func(t *trainer) { t.opt.Copies = 1 }},
		},
	}
	return all[which]
}
