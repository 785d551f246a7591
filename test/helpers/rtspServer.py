"""An RTSP server with a moving test picture and a tone. Writes its address once it listens.

/usr/bin/python3 rtspServer.py   (Debian: apt-get install gir1.2-gst-rtsp-server-1.0 python3-gi gstreamer1.0-plugins-good
gstreamer1.0-plugins-ugly)
"""

import sys

import gi

gi.require_version("Gst", "1.0")
gi.require_version("GstRtspServer", "1.0")
from gi.repository import GLib, Gst, GstRtspServer  # noqa: E402

PICTURES = (
    "videotestsrc is-live=true pattern=ball ! video/x-raw,width=320,height=240,framerate=10/1 "
    "! x264enc tune=zerolatency speed-preset=ultrafast key-int-max=10 ! video/x-h264,profile=baseline "
    "! rtph264pay name=pay0 pt=96 config-interval=1"
)
TONE = "audiotestsrc is-live=true ! alawenc ! rtppcmapay name=pay1 pt=8"


def main() -> None:
    Gst.init(None)
    missing = [
        name
        for name in ("videotestsrc", "x264enc", "rtph264pay", "alawenc", "rtppcmapay")
        if Gst.ElementFactory.find(name) is None
    ]
    if missing:
        sys.exit(f"GStreamer has no {', '.join(missing)}")
    server = GstRtspServer.RTSPServer()
    server.set_address("127.0.0.1")
    server.set_service("0")
    factory = GstRtspServer.RTSPMediaFactory()
    factory.set_launch(f"( {PICTURES} {TONE} )")
    factory.set_shared(True)
    server.get_mount_points().add_factory("/live", factory)
    server.attach(None)
    print(f"rtsp://127.0.0.1:{server.get_bound_port()}/live", flush=True)
    GLib.MainLoop().run()


main()
