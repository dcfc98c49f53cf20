// Unpacks the page's script and runs it. The page's policy allows this script and that one, by their hashes.
import { fromUtf8, unpack } from "./unpack";

const packed = document.querySelector("[data-script]")?.textContent ?? "";
unpack(packed).then((bytes) => {
  const script = document.createElement("script");
  script.textContent = fromUtf8(bytes);
  document.body.append(script);
}).catch((error: unknown) => {
  document.getElementById("page")!.textContent = `This browser cannot read the report: ${String(error)}`;
});
