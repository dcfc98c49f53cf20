// A picture as a PNG file: title, canvas, and which line is which VM.
import type { Theme } from "./theme";

export interface Legend {
  name: string;
  index: number;
}

export function savePicture(title: string, file: string, canvas: HTMLCanvasElement, legend: Legend[], theme: Theme): void {
  const scale = devicePixelRatio || 1;
  const margin = 16 * scale;
  const line = 26 * scale;
  const copy = document.createElement("canvas");
  copy.width = canvas.width + 2 * margin;
  const pen = copy.getContext("2d")!;
  const font = `${13 * scale}px system-ui, sans-serif`;
  pen.font = font;
  const places = place(pen, legend, copy.width - 2 * margin, scale);
  copy.height = canvas.height + 2 * margin + line * (1 + (places.at(-1)?.row ?? -1) + 1);
  pen.fillStyle = theme.colours.paper;
  pen.fillRect(0, 0, copy.width, copy.height);
  pen.fillStyle = theme.colours.ink;
  pen.textBaseline = "middle";
  pen.font = `600 ${15 * scale}px system-ui, sans-serif`;
  pen.fillText(title, margin, margin + line / 2 - 4 * scale);
  pen.drawImage(canvas, margin, margin + line);
  pen.font = font;
  places.forEach(({ x, row }, i) => {
    const y = margin + line * (1.5 + row) + canvas.height;
    pen.strokeStyle = theme.vm(legend[i].index);
    pen.lineWidth = 2 * scale;
    pen.setLineDash(theme.dash(legend[i].index).map((length) => length * scale));
    pen.beginPath();
    pen.moveTo(margin + x, y);
    pen.lineTo(margin + x + 26 * scale, y);
    pen.stroke();
    pen.fillStyle = theme.colours.ink;
    pen.fillText(legend[i].name, margin + x + 32 * scale, y);
  });
  copy.toBlob((blob) => {
    if (blob) {
      const link = document.createElement("a");
      link.href = URL.createObjectURL(blob);
      link.download = file;
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
    }
  });
}

function place(pen: CanvasRenderingContext2D, legend: Legend[], width: number, scale: number): { x: number; row: number }[] {
  let x = 0, row = 0;
  return legend.map(({ name }) => {
    const size = pen.measureText(name).width + 56 * scale;
    if (x > 0 && x + size > width) {
      x = 0;
      row++;
    }
    x += size;
    return { x: x - size, row };
  });
}
