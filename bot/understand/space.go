package understand

import (
	"math"
	"slices"
)

// space knows which features exist and how much each weighs.
type space struct {
	table []uint32 // open addressing: feature number + 1, 0 is empty
	keys  []uint32 // hash of each feature
	chans []uint8  // channel of each feature
	idf   []float32
	mask  uint32
}

// channelWeight scales a channel after it is brought to unit length.
func channelWeight(ch int) float32 {
	switch ch {
	case chWord, chChar:
		return 0.8
	case chConcept:
		return 0.5
	}
	return 1
}

func (s *space) build() {
	size := 1
	for size < len(s.keys)*2 {
		size *= 2
	}
	s.table = make([]uint32, size)
	s.mask = uint32(size - 1)
	for i, k := range s.keys {
		at := k & s.mask
		for s.table[at] != 0 {
			at = (at + 1) & s.mask
		}
		s.table[at] = uint32(i + 1)
	}
}

// find is the number of a feature, -1 if it is unknown.
func (s *space) find(hash uint32) int32 {
	at := hash & s.mask
	for {
		n := s.table[at]
		if n == 0 {
			return -1
		}
		if s.keys[n-1] == hash {
			return int32(n - 1)
		}
		at = (at + 1) & s.mask
	}
}

// feature is one known feature of a text with its value.
type feature struct {
	id  int32
	val float32
}

// stamps remembers which features of a text were seen, without clearing
// between texts.
type stamps struct {
	at    []uint32
	round uint32
}

// fresh begins a new text.
func (st *stamps) fresh(features int) {
	if len(st.at) != features || st.round == math.MaxUint32 {
		st.at, st.round = make([]uint32, features), 0
	}
	st.round++
}

// fewWords is added to a channel's squared length, so that a message of one or
// two known words speaks less loudly than a whole sentence: it is about the
// square of two rare words' idf. Measured leaving voices out: first +.2,
// calibration error .077 → .066; at 400 English loses 1.6.
const fewWords = 100

// known adds the features of keys with their weights, each once, and to sum the
// squared length of each channel. Unknown keys are left out.
func (s *space) known(dst []feature, keys []key, seen *stamps, sum []float32) []feature {
	seen.fresh(len(s.keys))
	for _, k := range keys {
		id := s.find(k.hash)
		if id < 0 || seen.at[id] == seen.round {
			continue
		}
		seen.at[id] = seen.round
		v := s.idf[id]
		sum[s.chans[id]] += v * v
		dst = append(dst, feature{id, v})
	}
	return dst
}

// vector turns keys into features of about unit length per channel.
func (s *space) vector(dst []feature, keys []key, seen *stamps) []feature {
	first := len(dst)
	var sum [channels]float32
	dst = s.known(dst, keys, seen, sum[:])
	var scale [channels]float32
	for c, x := range sum {
		if x > 0 {
			scale[c] = channelWeight(c) / float32(math.Sqrt(float64(x+fewWords)))
		}
	}
	for i := first; i < len(dst); i++ {
		dst[i].val *= scale[s.chans[dst[i].id]]
	}
	return dst
}

// learnSpace keeps the features at least low texts have, the commonest first
// when there are more than limit.
func learnSpace(texts [][]key, low, limit int) *space {
	df := make(map[uint32]int32)
	ch := make(map[uint32]uint8)
	seen := make(map[uint32]int32)
	for i, keys := range texts {
		for _, k := range keys {
			if seen[k.hash] == int32(i+1) {
				continue
			}
			seen[k.hash] = int32(i + 1)
			df[k.hash]++
			ch[k.hash] = k.ch
		}
	}
	s := &space{}
	for k, n := range df {
		if int(n) >= low {
			s.keys = append(s.keys, k)
		}
	}
	slices.SortFunc(s.keys, func(a, b uint32) int {
		if df[a] != df[b] {
			return int(df[b] - df[a])
		}
		if a < b {
			return -1
		}
		return 1
	})
	if len(s.keys) > limit {
		s.keys = s.keys[:limit]
	}
	s.chans = make([]uint8, len(s.keys))
	s.idf = make([]float32, len(s.keys))
	for i, k := range s.keys {
		s.chans[i] = ch[k]
		s.idf[i] = float32(math.Log(1 + float64(len(texts))/float64(df[k])))
	}
	s.build()
	return s
}
