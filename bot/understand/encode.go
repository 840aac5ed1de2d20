package understand

import (
	"bytes"
	"compress/flate"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"math"
)

// magic begins every encoded model; the number grows when the form changes.
const magic = "tsunagu-understand-3\n"

// header is the part of a model that people may want to read.
type header struct {
	Windows     []WindowInfo
	Kinds       []string
	Lexicon     []Concept
	Cues        []Cue
	Towns       []Town
	Features    int
	Outputs     int
	Calibration calibration
	ReadingMin  int
	ReadingMax  int
	CharMax     int
}

// ErrModel reports bytes that are not a model of this program's version.
var ErrModel = errors.New("not an understanding model of this version")

// Encode writes the model so that Decode reads the very same one.
func (m *Model) Encode() []byte {
	head, err := json.Marshal(header{
		Windows: m.windowInfo, Kinds: m.kinds, Lexicon: m.concepts, Cues: m.cues.source, Towns: m.towns.source,
		Features: len(m.space.keys), Outputs: m.size(), Calibration: m.calibration,
		ReadingMin: m.readingMin, ReadingMax: m.readingMax, CharMax: m.charMax,
	})
	if err != nil {
		panic(err) // strings and finite numbers only: our own bug
	}
	var raw bytes.Buffer
	raw.Write(binary.LittleEndian.AppendUint32(nil, uint32(len(head))))
	raw.Write(head)
	floats := func(list []float32) {
		for _, f := range list {
			raw.Write(binary.LittleEndian.AppendUint32(nil, math.Float32bits(f)))
		}
	}
	for _, k := range m.space.keys {
		raw.Write(binary.LittleEndian.AppendUint32(nil, k))
	}
	raw.Write(m.space.chans)
	floats(m.space.idf)
	floats(m.scale)
	floats(m.bias)
	for _, w := range m.weights {
		raw.WriteByte(byte(w))
	}
	var out bytes.Buffer
	out.WriteString(magic)
	out.Write(binary.LittleEndian.AppendUint32(nil, crc32.ChecksumIEEE(raw.Bytes())))
	out.Write(binary.LittleEndian.AppendUint32(nil, uint32(raw.Len())))
	w, _ := flate.NewWriter(&out, flate.BestSpeed)
	_, _ = w.Write(raw.Bytes()) // a Buffer does not fail
	_ = w.Close()
	return out.Bytes()
}

// largest is the most an encoded model may unpack to, against broken files.
const largest = 256 << 20

// Decode reads an encoded model.
func Decode(data []byte) (*Model, error) {
	rest, ok := bytes.CutPrefix(data, []byte(magic))
	if !ok || len(rest) < 8 {
		return nil, ErrModel
	}
	sum, size := binary.LittleEndian.Uint32(rest), binary.LittleEndian.Uint32(rest[4:])
	if size > largest {
		return nil, fmt.Errorf("%w: it says it is %d bytes long", ErrModel, size)
	}
	raw := make([]byte, size)
	if _, err := io.ReadFull(flate.NewReader(bytes.NewReader(rest[8:])), raw); err != nil {
		return nil, fmt.Errorf("%w: unpack: %w", ErrModel, err)
	}
	if crc32.ChecksumIEEE(raw) != sum {
		return nil, fmt.Errorf("%w: checksum differs", ErrModel)
	}
	n := int(binary.LittleEndian.Uint32(raw))
	if n < 0 || n > len(raw)-4 {
		return nil, ErrModel
	}
	var h header
	if err := json.Unmarshal(raw[4:4+n], &h); err != nil {
		return nil, fmt.Errorf("%w: header: %w", ErrModel, err)
	}
	raw = raw[4+n:]
	if len(h.Calibration.Danger) != evidences+1 {
		return nil, fmt.Errorf("%w: danger is judged by %d numbers, not by %d", ErrModel, len(h.Calibration.Danger), evidences+1)
	}
	if h.Features < 0 || h.Outputs < 0 || len(raw) != h.Features*(13+h.Outputs)+4*h.Outputs {
		return nil, fmt.Errorf("%w: %d bytes of weights", ErrModel, len(raw))
	}
	a, err := newAnalyser()
	if err != nil {
		return nil, err
	}
	a.readingMin, a.readingMax, a.charMax = h.ReadingMin, h.ReadingMax, h.CharMax
	m := newModel(Pack{Windows: h.Windows, Lexicon: h.Lexicon, Cues: h.Cues, Towns: h.Towns}, a)
	m.kinds, m.calibration = h.Kinds, h.Calibration
	m.layout.kinds = len(h.Kinds)
	if m.size() != h.Outputs {
		return nil, fmt.Errorf("%w: %d outputs", ErrModel, h.Outputs)
	}
	floats := func(n int) []float32 {
		list := make([]float32, n)
		for i := range list {
			list[i] = math.Float32frombits(binary.LittleEndian.Uint32(raw[4*i:]))
		}
		raw = raw[4*n:]
		return list
	}
	m.space = &space{keys: make([]uint32, h.Features)}
	for i := range m.space.keys {
		m.space.keys[i] = binary.LittleEndian.Uint32(raw[4*i:])
	}
	raw = raw[4*h.Features:]
	m.space.chans, raw = raw[:h.Features:h.Features], raw[h.Features:]
	for _, c := range m.space.chans {
		if c >= channels {
			return nil, fmt.Errorf("%w: channel %d", ErrModel, c)
		}
	}
	m.space.idf, m.scale, m.bias = floats(h.Features), floats(h.Features), floats(h.Outputs)
	m.space.build()
	m.weights = make([]int8, len(raw))
	for i, b := range raw {
		m.weights[i] = int8(b)
	}
	return m, nil
}
