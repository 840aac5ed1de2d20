// Package picture makes a picture that staff send fit for a resident's phone:
// upright, within what LINE takes, with a small copy for the chat, and without
// what cameras and programs write into files beside the picture (the place, the
// time, the owner's name). It knows neither LINE nor Slack.
package picture

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/jpeg"
	"image/png"
	"sync"
)

// What LINE takes in an image message:
// https://developers.line.biz/en/reference/messaging-api/#image-message
const (
	maxContent = 10_000_000 // bytes
	maxPreview = 1_000_000  // bytes
)

const (
	maxSide     = 4096 // pixels of the longer side; every phone shows it sharp
	previewSide = 1024 // pixels of the longer side
	// maxMemory is what decoding may take, in bytes. One picture is decoded at a
	// time, so that it is also what all of them take. A photo of 48 megapixels
	// fits; a small file that unpacks to gigabytes does not.
	maxMemory = 192 << 20
)

// ErrTooLarge reports a picture with more pixels than are decoded here.
var ErrTooLarge = errors.New("picture: too many pixels")

// JPEG and PNG are the kinds of pictures LINE shows in the chat.
const (
	JPEG = "image/jpeg"
	PNG  = "image/png"
)

// Shown reports whether LINE shows this kind of file in the chat.
func Shown(mime string) bool { return mime == JPEG || mime == PNG }

// Picture is a picture as a resident gets it.
type Picture struct {
	Content []byte // JPEG or PNG, as MIME says
	MIME    string
	Preview []byte // a small JPEG for the chat
}

// Maker makes pictures, one at a time. The zero value is ready.
type Maker struct{ one sync.Mutex }

// Make takes a file of kind JPEG or PNG. With an error there is no Preview:
// the file cannot be decoded, or is too large to. Content is clean all the
// same, so that it can be offered as a file.
func (m *Maker) Make(content []byte, mime string) (Picture, error) {
	p := Picture{Content: content, MIME: mime}
	turned, whole := 1, false
	read, measure := png.Decode, png.DecodeConfig
	switch mime {
	case PNG:
		p.Content, whole = stripPNG(content)
	case JPEG:
		read, measure = jpeg.Decode, jpeg.DecodeConfig
		turned = orientation(content)
		p.Content, whole = stripJPEG(content, turned)
	default:
		return p, fmt.Errorf("picture: %s is not shown in a chat", mime)
	}
	size, err := measure(bytes.NewReader(content)) // before anything is unpacked
	if err != nil {
		return p, fmt.Errorf("picture: %w", err)
	}
	if int64(size.Width)*int64(size.Height)*cost(size.ColorModel, content, mime) > maxMemory {
		return p, ErrTooLarge
	}
	m.one.Lock()
	defer m.one.Unlock()
	img, err := read(bytes.NewReader(content))
	if err != nil {
		return p, fmt.Errorf("picture: %w", err)
	}
	anew := Picture{Content: p.Content, MIME: mime}
	if turned != 1 || !whole || max(size.Width, size.Height) > maxSide || len(p.Content) > maxContent {
		large := upright(shrunk(img, maxSide), turned)
		if anew.Content, anew.MIME, err = again(large, mime); err != nil {
			return p, err
		}
		img, turned = large, 1
	}
	if anew.Preview, err = fitJPEG(upright(shrunk(img, previewSide), turned), maxPreview); err != nil {
		return p, err
	}
	return anew, nil
}

// cost is how many bytes decoding takes for each pixel, from above.
func cost(model color.Model, content []byte, mime string) int64 {
	switch {
	case mime == JPEG && progressive(content):
		return 3 + 3*4 // the decoder keeps all coefficients
	case mime == JPEG:
		return 4
	case model == color.NRGBA64Model, model == color.RGBA64Model, model == color.Gray16Model:
		return 8
	}
	return 4
}

// again encodes a picture that was turned or made smaller.
func again(img *image.RGBA, mime string) ([]byte, string, error) {
	if mime == PNG {
		var b bytes.Buffer
		if err := png.Encode(&b, img); err != nil {
			return nil, "", fmt.Errorf("picture: %w", err)
		}
		if b.Len() <= maxContent {
			return b.Bytes(), PNG, nil
		}
	}
	b, err := fitJPEG(img, maxContent)
	return b, JPEG, err
}

// fitJPEG encodes as well as most bytes allow.
func fitJPEG(img image.Image, most int) ([]byte, error) {
	for _, quality := range []int{88, 75, 60, 40, 20} {
		var b bytes.Buffer
		if err := jpeg.Encode(&b, img, &jpeg.Options{Quality: quality}); err != nil {
			return nil, fmt.Errorf("picture: %w", err)
		}
		if b.Len() <= most {
			return b.Bytes(), nil
		}
	}
	return nil, ErrTooLarge
}

// shrunk is the picture on white, its longer side at most most pixels. Each
// pixel is the mean of those it stands for. It reads the source row by row:
// the scalers of golang.org/x/image keep 32 bytes for every pixel of a column
// of the source times the width of the result, most of a gigabyte for a photo.
func shrunk(src image.Image, most int) *image.RGBA {
	from := src.Bounds()
	w, h := from.Dx(), from.Dy()
	dw, dh := w, h
	if side := max(w, h); side > most {
		dw, dh = max(1, w*most/side), max(1, h*most/side)
	}
	out := image.NewRGBA(image.Rect(0, 0, dw, dh))
	row := image.NewRGBA(image.Rect(0, 0, w, 1))
	sums := make([]uint32, 3*dw)
	for y := range dh {
		top, bottom := y*h/dh, max((y+1)*h/dh, y*h/dh+1)
		clear(sums)
		for sy := top; sy < bottom; sy++ {
			draw.Draw(row, row.Rect, image.White, image.Point{}, draw.Src)
			draw.Draw(row, row.Rect, src, image.Pt(from.Min.X, from.Min.Y+sy), draw.Over)
			for x := range dw {
				left, right := x*w/dw, max((x+1)*w/dw, x*w/dw+1)
				var r, g, b, n uint32
				for p := row.Pix[4*left : 4*right]; len(p) >= 4; p = p[4:] {
					r, g, b, n = r+uint32(p[0]), g+uint32(p[1]), b+uint32(p[2]), n+1
				}
				sums[3*x], sums[3*x+1], sums[3*x+2] = sums[3*x]+r/n, sums[3*x+1]+g/n, sums[3*x+2]+b/n
			}
		}
		n := uint32(bottom - top)
		for x := range dw {
			p := out.Pix[out.PixOffset(x, y):]
			p[0], p[1], p[2], p[3] = byte(sums[3*x]/n), byte(sums[3*x+1]/n), byte(sums[3*x+2]/n), 255
		}
	}
	return out
}

// upright turns a picture as its EXIF orientation (1 to 8) says it was held.
func upright(src *image.RGBA, turned int) *image.RGBA {
	if turned <= 1 || turned > 8 {
		return src
	}
	w, h := src.Rect.Dx(), src.Rect.Dy()
	size := image.Rect(0, 0, w, h)
	if turned >= 5 { // lies on its side
		size = image.Rect(0, 0, h, w)
	}
	out := image.NewRGBA(size)
	for y := range h {
		for x := range w {
			tx, ty := x, y
			switch turned {
			case 2:
				tx = w - 1 - x
			case 3:
				tx, ty = w-1-x, h-1-y
			case 4:
				ty = h - 1 - y
			case 5:
				tx, ty = y, x
			case 6:
				tx, ty = h-1-y, x
			case 7:
				tx, ty = h-1-y, w-1-x
			case 8:
				tx, ty = y, w-1-x
			}
			copy(out.Pix[out.PixOffset(tx, ty):][:4], src.Pix[src.PixOffset(x, y):][:4])
		}
	}
	return out
}
