package picture

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"math/rand/v2"
	"strings"
	"testing"
)

// corner is a picture with a red corner at the upper left, blue elsewhere.
func corner(w, h int) *image.RGBA {
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			c := color.RGBA{0, 0, 255, 255}
			if x < w/2 && y < h/2 {
				c = color.RGBA{255, 0, 0, 255}
			}
			img.SetRGBA(x, y, c)
		}
	}
	return img
}

func asJPEG(t testing.TB, img image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, img, &jpeg.Options{Quality: 90}); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func asPNG(t testing.TB, img image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

const secret = "GPS 35.6938N 139.4195E Tachikawa"

// shot is a JPEG as a camera writes it: EXIF with the orientation and a secret,
// XMP, a comment, and a second picture with all of it behind the end.
func shot(t testing.TB, img image.Image, order binary.AppendByteOrder, turned uint16) []byte {
	t.Helper()
	mark := "MM"
	if order.String() == binary.LittleEndian.String() {
		mark = "II"
	}
	tiff := order.AppendUint16([]byte(mark), 42)
	tiff = order.AppendUint32(tiff, 8)
	tiff = order.AppendUint16(tiff, 2)
	for _, entry := range [][2]uint16{{0x010F, 2}, {0x0112, 3}} {
		tiff = order.AppendUint16(tiff, entry[0])
		tiff = order.AppendUint16(tiff, entry[1])
		tiff = order.AppendUint32(tiff, 1)
		tiff = order.AppendUint16(tiff, turned)
		tiff = order.AppendUint16(tiff, 0)
	}
	tiff = append(tiff, secret...)
	part := func(marker byte, body string) []byte {
		return append(binary.BigEndian.AppendUint16([]byte{0xFF, marker}, uint16(len(body)+2)), body...)
	}
	plain := asJPEG(t, img)
	b := append([]byte{}, plain[:2]...)
	b = append(b, part(0xE1, "Exif\x00\x00"+string(tiff))...)
	b = append(b, part(0xE1, "http://ns.adobe.com/xap/1.0/\x00"+secret)...)
	b = append(b, part(0xE2, "MPF\x00"+secret)...)
	b = append(b, part(0xED, secret)...)
	b = append(b, part(0xFE, secret)...)
	b = append(b, plain[2:]...)
	return append(b, b...)
}

func chunk(kind, data string) []byte {
	b := binary.BigEndian.AppendUint32(nil, uint32(len(data)))
	b = append(b, kind+data...)
	return binary.BigEndian.AppendUint32(b, crc32.ChecksumIEEE([]byte(kind+data)))
}

func decoded(t *testing.T, b []byte, mime string) image.Image {
	t.Helper()
	read := png.Decode
	if mime == JPEG {
		read = jpeg.Decode
	}
	img, err := read(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	return img
}

// redAt tells in which corner the red is.
func redAt(img image.Image) string {
	r := img.Bounds()
	at := []string{}
	for name, p := range map[string]image.Point{
		"upper left": r.Min.Add(image.Pt(r.Dx()/8, r.Dy()/8)), "upper right": r.Min.Add(image.Pt(r.Dx()*7/8, r.Dy()/8)),
		"lower left": r.Min.Add(image.Pt(r.Dx()/8, r.Dy()*7/8)), "lower right": r.Min.Add(image.Pt(r.Dx()*7/8, r.Dy()*7/8)),
	} {
		if red, _, blue, _ := img.At(p.X, p.Y).RGBA(); red > blue {
			at = append(at, name)
		}
	}
	return strings.Join(at, ", ")
}

func TestUprightAndClean(t *testing.T) {
	t.Parallel()
	// What the camera recorded has its red corner at the upper left; where it
	// must be seen follows from how it was held.
	want := []string{"", "upper left", "upper right", "lower right", "lower left", "upper left", "upper right", "lower right", "lower left"}
	for turned := uint16(0); turned <= 9; turned++ {
		for _, order := range []binary.AppendByteOrder{binary.LittleEndian, binary.BigEndian} {
			t.Run(fmt.Sprint(turned, order), func(t *testing.T) {
				t.Parallel()
				var m Maker
				p, err := m.Make(shot(t, corner(64, 32), order, turned), JPEG)
				if err != nil {
					t.Fatal(err)
				}
				place, size := "upper left", image.Pt(64, 32)
				if turned >= 1 && turned <= 8 {
					place = want[turned]
				}
				if turned >= 5 && turned <= 8 {
					size = image.Pt(32, 64)
				}
				for name, b := range map[string][]byte{"content": p.Content, "preview": p.Preview} {
					img := decoded(t, b, JPEG)
					if got := img.Bounds().Size(); got != size {
						t.Errorf("%s: got %v, want %v", name, got, size)
					}
					if got := redAt(img); got != place {
						t.Errorf("%s: the red corner is at the %s, want %s", name, got, place)
					}
					if bytes.Contains(b, []byte("Tachikawa")) || bytes.Contains(b, []byte("Exif")) {
						t.Errorf("%s still has what the camera wrote", name)
					}
				}
			})
		}
	}
}

func TestCleanPNG(t *testing.T) {
	t.Parallel()
	plain := asPNG(t, corner(40, 30))
	end := len(plain) - 12
	dirty := append([]byte{}, plain[:33]...)
	for _, kind := range []string{"tEXt", "iTXt", "zTXt", "eXIf", "tIME", "iCCP", "prVt"} {
		dirty = append(dirty, chunk(kind, secret)...)
	}
	dirty = append(append(dirty, plain[33:end]...), chunk("tEXt", secret)...)
	dirty = append(append(dirty, plain[end:]...), secret...)
	var m Maker
	p, err := m.Make(dirty, PNG)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(p.Content, plain) {
		t.Errorf("got %d bytes, want the %d that draw the picture", len(p.Content), len(plain))
	}
	if p.MIME != PNG || redAt(decoded(t, p.Content, PNG)) != "upper left" {
		t.Errorf("got %s with red at the %s", p.MIME, redAt(decoded(t, p.Content, PNG)))
	}
}

// TestBroken: what cannot be decoded has no preview, and is clean all the same.
func TestBroken(t *testing.T) {
	t.Parallel()
	photo := shot(t, corner(64, 64), binary.BigEndian, 6)
	noisy := asPNG(t, noise(64, 64))
	early := append(append(append([]byte{}, noisy[:33]...), chunk("tEXt", secret)...), noisy[33:len(noisy)-200]...)
	bomb := append([]byte{}, asJPEG(t, corner(16, 16))...)
	at := bytes.Index(bomb, []byte{0xFF, 0xC0})
	copy(bomb[at+5:], []byte{0xFF, 0xFF, 0xFF, 0xFF}) // 65,535 × 65,535
	wide := chunk("IHDR", "\x00\x01\x00\x00\x00\x01\x00\x00\x08\x06\x00\x00\x00")
	for name, c := range map[string]struct {
		mime    string
		content []byte
		large   bool
	}{
		"empty":                 {JPEG, nil, false},
		"two bytes":             {JPEG, photo[:2], false},
		"only what was written": {JPEG, photo[:200], false},
		"no picture":            {JPEG, []byte("\xFF\xD8\xFF\xE0 " + secret), false},
		"long segment":          {JPEG, []byte("\xFF\xD8\xFF\xE1\xFF\xFFExif\x00\x00" + secret), false},
		"unpacks to gigabytes":  {JPEG, bomb, true},
		"png ends early":        {PNG, early, false},
		"png of gigabytes":      {PNG, append(append([]byte{}, pngStart...), wide...), true},
		"not a png":             {PNG, []byte(secret), false},
		"a gif":                 {"image/gif", []byte("GIF89a"), false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var m Maker
			p, err := m.Make(c.content, c.mime)
			if err == nil || p.Preview != nil {
				t.Errorf("got a preview of %d bytes, want an error", len(p.Preview))
			}
			if got := errors.Is(err, ErrTooLarge); got != c.large {
				t.Errorf("got %v, want too large: %v", err, c.large)
			}
			if bytes.Contains(p.Content, []byte("Tachikawa")) {
				t.Error("what the camera wrote is still there")
			}
		})
	}
}

func noise(w, h int) *image.RGBA {
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	r := rand.New(rand.NewPCG(1, 2))
	for i := range img.Pix {
		img.Pix[i] = byte(r.Uint32()) | 0x80&byte(i%4/3<<7)
	}
	return img
}

// TestWithinLimits: large and noisy pictures come within what LINE takes, and
// a long thin one keeps its shape.
func TestWithinLimits(t *testing.T) {
	t.Parallel()
	var m Maker
	for name, c := range map[string]struct {
		mime    string
		content []byte
		kind    string
		size    image.Point
		preview image.Point
	}{
		"small":     {PNG, asPNG(t, corner(10, 20)), PNG, image.Pt(10, 20), image.Pt(10, 20)},
		"one dot":   {JPEG, asJPEG(t, corner(1, 1)), JPEG, image.Pt(1, 1), image.Pt(1, 1)},
		"wide":      {JPEG, asJPEG(t, corner(5000, 50)), JPEG, image.Pt(4096, 40), image.Pt(1024, 10)},
		"thin":      {PNG, asPNG(t, corner(2, 6000)), PNG, image.Pt(1, 4096), image.Pt(1, 1024)},
		"noisy png": {PNG, asPNG(t, noise(2000, 2000)), JPEG, image.Pt(2000, 2000), image.Pt(1024, 1024)},
	} {
		p, err := m.Make(c.content, c.mime)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if len(p.Content) > maxContent || len(p.Preview) > maxPreview || p.MIME != c.kind {
			t.Errorf("%s: got %d bytes of %s and a preview of %d", name, len(p.Content), p.MIME, len(p.Preview))
		}
		if got := decoded(t, p.Content, p.MIME).Bounds().Size(); got != c.size {
			t.Errorf("%s: got %v, want %v", name, got, c.size)
		}
		if got := decoded(t, p.Preview, JPEG).Bounds().Size(); got != c.preview {
			t.Errorf("%s: preview: got %v, want %v", name, got, c.preview)
		}
	}
}

// FuzzMake: whatever staff upload, nothing panics, and what comes back with a
// preview can be decoded.
func FuzzMake(f *testing.F) {
	f.Add(shot(f, corner(8, 8), binary.LittleEndian, 6), true)
	f.Add(asPNG(f, corner(8, 8)), false)
	f.Add([]byte("\xFF\xD8\xFF\xE1\x00\x10Exif\x00\x00MM\x00\x2A\xFF\xFF\xFF\xFF"), true)
	var m Maker
	f.Fuzz(func(t *testing.T, b []byte, isJPEG bool) {
		mime := PNG
		if isJPEG {
			mime = JPEG
		}
		if size, err := jpeg.DecodeConfig(bytes.NewReader(b)); err == nil && size.Width*size.Height > 1<<20 {
			t.Skip("slow")
		}
		if size, err := png.DecodeConfig(bytes.NewReader(b)); err == nil && size.Width*size.Height > 1<<20 {
			t.Skip("slow")
		}
		p, err := m.Make(b, mime)
		if err != nil {
			return
		}
		decoded(t, p.Content, p.MIME)
		decoded(t, p.Preview, JPEG)
	})
}

func BenchmarkMake(b *testing.B) {
	photo := shot(b, corner(4000, 3000), binary.BigEndian, 6)
	var m Maker
	for b.Loop() {
		if _, err := m.Make(photo, JPEG); err != nil {
			b.Fatal(err)
		}
	}
}
