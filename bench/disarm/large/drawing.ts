import { ENCODERS } from './encode.ts'
import { upTo } from './file.ts'
import { random, sentence } from './words.ts'

const place = (): string => (random(4_200_000) / 10_000).toFixed(random(2) === 0 ? 4 : 12)
const cp932 = ENCODERS['cp932']!

type Pairs = readonly (readonly [code: number, value: string | number])[]
const lines = (pairs: Pairs): string =>
  pairs.map(([code, value]) => `${String(code).padStart(3)}\r\n${value}\r\n`).join('')

/** A plan as AutoCAD writes it: lines, polylines, circles, texts, inserted blocks. */
export function* dxf(wanted: number): Generator<Uint8Array> {
  const layers = ['図面', 'C-BMK', '道路', '下水']
  yield cp932(
    lines([
      [0, 'SECTION'],
      [2, 'HEADER'],
      [9, '$ACADVER'],
      [1, 'AC1015'],
      [9, '$DWGCODEPAGE'],
      [3, 'ANSI_932'],
      [0, 'ENDSEC'],
      [0, 'SECTION'],
      [2, 'TABLES'],
      [0, 'TABLE'],
      [2, 'LAYER'],
      [70, layers.length],
      ...layers.flatMap(
        (name) =>
          [
            [0, 'LAYER'],
            [2, name],
            [70, 0],
            [62, 7],
            [6, 'CONTINUOUS'],
          ] as const,
      ),
      [0, 'ENDTAB'],
      [0, 'ENDSEC'],
      [0, 'SECTION'],
      [2, 'ENTITIES'],
    ]),
  )
  yield* upTo(wanted, (index) => entity(index, layers[random(layers.length)]!), cp932)
  yield cp932(
    lines([
      [0, 'ENDSEC'],
      [0, 'EOF'],
    ]),
  )
}

function entity(index: number, layer: string): string {
  const head = (type: string, subclass: string): Pairs => [
    [0, type],
    [5, (0x100 + index).toString(16).toUpperCase()],
    [330, '1F'],
    [100, 'AcDbEntity'],
    [8, layer],
    [62, 1 + random(7)],
    [100, subclass],
  ]
  const point = (code: number): Pairs => [
    [code, place()],
    [code + 10, place()],
    [code + 20, '0.0'],
  ]
  switch (random(8)) {
    case 0: {
      const count = 4 + random(40)
      const points = Array.from({ length: count }, (): Pairs => [
        [10, place()],
        [20, place()],
      ])
      return lines([...head('LWPOLYLINE', 'AcDbPolyline'), [90, count], [70, 1], ...points.flat()])
    }
    case 1:
      return lines([
        ...head('TEXT', 'AcDbText'),
        ...point(10),
        [40, '2.5'],
        [1, sentence()],
        [100, 'AcDbText'],
      ])
    case 2:
      return lines([...head('CIRCLE', 'AcDbCircle'), ...point(10), [40, place()]])
    default:
      return lines([...head('LINE', 'AcDbLine'), ...point(10), ...point(11)])
  }
}

/** A plan of the electronic delivery of public works (SXF) as instances of ISO 10303-21. */
export function* p21(wanted: number): Generator<Uint8Array> {
  yield cp932(exchangeHead('SCADEC level2 AP202_mode'))
  yield* upTo(wanted, instances, cp932)
  yield cp932('ENDSEC;\r\nEND-ISO-10303-21;\r\n')
}

function exchangeHead(level: string): string {
  return (
    `ISO-10303-21;\r\nHEADER;\r\nFILE_DESCRIPTION(('${level}'),'2;1');\r\nFILE_NAME('a.p21','2026-04-01T00:00:00',('a'),('town'),` +
    "'SCADEC_API_Ver3.30$$3.1','CAD','');\r\nFILE_SCHEMA(('ASSOCIATIVE_DRAUGHTING'));\r\nENDSEC;\r\nDATA;\r\n"
  )
}

function instances(index: number): string {
  const id = (offset: number): string => `#${(index + 1) * 80 + offset * 10}`
  const points = [0, 1].map((one) => `${id(one)}=CARTESIAN_POINT('',(${place()},${place()}));`)
  return [
    ...points,
    `${id(2)}=DIRECTION('',(1.,0.));`,
    `${id(3)}=VECTOR('',${id(2)},${place()});`,
    `${id(4)}=LINE('',${id(0)},${id(3)});`,
    `${id(5)}=TRIMMED_CURVE('',${id(4)},(${id(0)},PARAMETER_VALUE(0.)),(${id(1)},PARAMETER_VALUE(1.)),.T.,.CARTESIAN.);`,
    `${id(6)}=ANNOTATION_CURVE_OCCURRENCE('',(#70),${id(5)});`,
    random(4) === 0
      ? `${id(7)}=TEXT_LITERAL_WITH_EXTENT('','\\X2\\${[...'道路下水'].map((one) => one.charCodeAt(0).toString(16).toUpperCase()).join('')}\\X0\\',#70,'left',.RIGHT.,*,${id(0)});`
      : `${id(7)}=PRESENTATION_LAYER_ASSIGNMENT('C-BMK','',(${id(6)}));`,
    '',
  ].join('\r\n')
}

/** The same as features in comments (SFC). */
export function* sfc(wanted: number): Generator<Uint8Array> {
  yield cp932(exchangeHead('SCADEC level2 feature_mode'))
  yield* upTo(
    wanted,
    (index) => `/*SXF\r\n#${(index + 1) * 10} = ${feature()}\r\nSXF*/\r\n\r\n`,
    cp932,
  )
  yield cp932('ENDSEC;\r\nEND-ISO-10303-21;\r\n')
}

function feature(): string {
  switch (random(5)) {
    case 0: {
      const count = 3 + random(40)
      const list = (): string => Array.from({ length: count }, place).join(',')
      return `polyline_feature('1','1','1','1','${count}','(${list()})','(${list()})')`
    }
    case 1:
      return `text_string_feature('1','1','1',\\'${sentence()}\\','${place()}','${place()}','5.0','20.0','0.00','0.0','0.0','1','1')`
    default:
      return `line_feature('1','1','1','1','${place()}','${place()}','${place()}','${place()}')`
  }
}
