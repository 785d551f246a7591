import { describe, expect, it } from 'vitest';
import {
  isWaylandDisplay,
  readMacScreens,
  readMonitors,
  readRootSize,
  readWindowPlace,
  readWindows,
  visiblePart,
} from '../../../daemon/media/screenList.ts';

describe('the parts of an X11 display', () => {
  it('has monitors where xrandr says', () => {
    const output = [
      'Monitors: 2',
      ' 0: +*eDP-1 1920/344x1080/194+0+0  eDP-1',
      ' 1: +HDMI-1 2560/600x1440/340+1920+-360  HDMI-1',
    ].join('\n');
    expect(readMonitors(output)).toEqual([
      { name: 'eDP-1', box: [0, 0, 1920, 1080] },
      { name: 'HDMI-1', box: [1920, -360, 2560, 1440] },
    ]);
    expect(isWaylandDisplay(readMonitors(output))).toBe(false);
    const wayland = ' 0: +*XWAYLAND0 1920/344x1080/194+0+0  XWAYLAND0';
    expect(isWaylandDisplay(readMonitors(wayland))).toBe(true);
  });

  it('has windows with a title, quotes in it or not, each once', () => {
    const output = [
      'xwininfo: Window id: 0x50d (the root window) (has no name)',
      '     3 children:',
      '     0x20000c "my "term"": ("xterm" "XTerm")  364x134+20+30  +20+30',
      '        0x20001b (has no name): ()  364x134+0+0  +21+31',
      '     0x3000aa "app.ts - code": ()  1004x734+0+0  +5+6',
      '        0x3000ab "app.ts - code": ("code" "Code")  1000x700+2+32  +7+38',
      '     0x400001 "tray": ("tray" "Tray")  24x24+0+0  +0+0',
      '     0x400002 "left": ("a" "B")  300x200+-10+5  +-10+5',
    ].join('\n');
    expect(readWindows(output)).toEqual([
      { id: '0x20000c', name: 'my "term"', box: [20, 30, 364, 134], application: 'XTerm' },
      { id: '0x3000ab', name: 'app.ts - code', box: [7, 38, 1000, 700], application: 'Code' },
      { id: '0x400002', name: 'left', box: [-10, 5, 300, 200], application: 'B' },
    ]);
  });

  const place = [
    'xwininfo: Window id: 0x20000c "my "term""',
    '',
    '  Absolute upper-left X:  20',
    '  Absolute upper-left Y:  -30',
    '  Width: 844',
    '  Height: 326',
    '  Border width: 1',
    '  Map State: IsViewable',
  ].join('\n');

  it('tells where a window stands, and whether it is drawn', () => {
    expect(readWindowPlace(place)).toEqual({ box: [21, -29, 844, 326], isShown: true });
    const hidden = place.replace('IsViewable', 'IsUnMapped');
    expect(readWindowPlace(hidden)).toMatchObject({ isShown: false });
    expect(readWindowPlace('xwininfo: error: No such window with id 0x2.')).toBeUndefined();
    expect(readRootSize(place)).toEqual([0, 0, 844, 326]);
    expect(readRootSize('')).toBeUndefined();
  });

  it.each([
    [[0, 0, 100, 50], undefined, [0, 0, 100, 50]],
    [[750, -10, 100, 50], undefined, [0, 10, 50, 40]],
    [
      [0, 0, 100, 50],
      [10, 10, 500, 20],
      [10, 10, 90, 20],
    ],
    [[900, 0, 100, 50], undefined, undefined],
  ] as const)('captures of a window at %j what is on the screen', (window, wanted, expected) => {
    expect(visiblePart(window, [0, 0, 800, 600], wanted)).toEqual(expected);
  });
});

describe('the screens of a Mac', () => {
  it('stand among the cameras; not run there', () => {
    const report = [
      '[AVFoundation indev @ 0x7f] AVFoundation video devices:',
      '[AVFoundation indev @ 0x7f] [0] FaceTime HD Camera',
      '[AVFoundation indev @ 0x7f] [1] Capture screen 0',
      '[AVFoundation indev @ 0x7f] [2] Capture screen 1',
    ].join('\n');
    expect(readMacScreens(report)).toEqual([
      { display: '0', name: 'Capture screen 0' },
      { display: '1', name: 'Capture screen 1' },
    ]);
  });
});
