import { type Conversation, line } from '../conversation.ts'
import { csv, pdf, sheet } from '../file.ts'

export const iberia: Conversation[] = [
  {
    key: 'ebro-licitacion',
    subject: 'Licitación 12/2026: telemática de flota',
    language: 'es',
    mails: [
      line(
        'elena',
        '22 10:10',
        `Estimados señores:

Aguas del Ebro licita la telemática de 96 vehículos de mantenimiento. Adjuntamos el pliego. El plazo de presentación termina el {+10y} a las 14:00.

Atentamente,`,
        {
          files: [
            pdf(
              'Pliego-12-2026.pdf',
              'Licitación 12/2026',
              'Objeto: telemática de 96 vehículos',
              'Presupuesto base: 118.000 EUR',
              'Plazo: {+10y}, 14:00',
            ),
          ],
        },
      ),
      line(
        'jane',
        '22 17:50',
        `Estimada Elena:

Muchas gracias. Confirmamos la recepción y nuestra intención de presentar oferta.

Un cordial saludo,`,
      ),
      line(
        'omar',
        '20 18:20',
        `Estimada Elena:

Tenemos tres consultas: 1) ¿los vehículos eléctricos (12) cuentan con puerto OBD accesible?, 2) ¿se admite tarjeta SIM de itinerancia?, 3) ¿el servidor debe estar en la Unión Europea?

Saludos,`,
      ),
      line(
        'elena',
        '19 12:00',
        `Respuestas: 1) sí; 2) sí, con dos operadores como mínimo; 3) sí, es requisito de solvencia.

Atentamente,`,
      ),
      line(
        'omar',
        '19 17:30',
        `Gracias por la rapidez. Los datos se alojarían en Fráncfort y Madrid.

Saludos,`,
      ),
      line(
        'elena',
        '13 09:45',
        `Estimados señores:

Se publica una corrección: el criterio «experiencia» baja de 20 a 15 puntos y el de «formación» sube a 10. El plazo no cambia.

Atentamente,`,
        {
          files: [
            csv(
              'Criterios-corregidos.csv',
              ['Criterio', 'Puntos'],
              ['Precio', 50],
              ['Técnica', 25],
              ['Experiencia', 15],
              ['Formación', 10],
            ),
          ],
        },
      ),
      line(
        'jane',
        '12 17:40',
        `Recibido, gracias. Adaptaremos el plan de formación.

Un cordial saludo,`,
      ),
      line(
        'elena',
        '6 11:20',
        `Estimada Jane:

Les recuerdo que la garantía provisional del 3 % debe constituirse antes de la apertura. ¿La presentarán por aval o por seguro de caución?

Atentamente,`,
      ),
      line(
        'mia',
        '5 17:30',
        `Estimada Elena:

Por seguro de caución; lo emite nuestra aseguradora en España esta semana.

Un cordial saludo,`,
      ),
      line(
        'elena',
        '2 13:05',
        `De acuerdo. Necesitamos además la declaración responsable firmada digitalmente; la suya llegó sin firma. ¿Podrían enviarla antes del {+2}?

Atentamente,`,
      ),
    ],
    next: [
      line(
        'elena',
        '0m',
        `Estimados señores: se amplía el plazo de presentación una semana, hasta el {+15y} a las 14:00, por la incidencia de la plataforma. Rogamos acusen recibo.

Atentamente,`,
      ),
    ],
  },
  {
    key: 'transandina-soporte',
    subject: 'Renovación del contrato de soporte',
    language: 'es',
    mails: [
      line(
        'rodrigo',
        '16 10:00',
        `Hola:

El contrato de soporte de nuestras 210 unidades vence a fin de año. Queremos renovar, pero con atención en horario chileno. ¿Es posible?

Saludos,`,
      ),
      line(
        'jane',
        '16 16:30',
        `Hola, Rodrigo:

Sí: desde marzo tenemos un turno de 8 a 20 h de Santiago. El precio sería de 2,30 USD por unidad y mes en lugar de 2,10.

Saludos,`,
      ),
      line(
        'rodrigo',
        '14 12:45',
        `Me parece razonable. ¿Incluye la reposición de antenas? El año pasado perdimos 19 en el paso Los Libertadores.`,
      ),
      line(
        'omar',
        '13 17:20',
        `Incluye hasta 10 por año. Para las demás, 34 USD cada una, enviadas desde nuestro almacén de Valparaíso.`,
      ),
      line(
        'rodrigo',
        '7 09:30',
        `Lo presento al directorio el {+2}. Si puedes, mándame la propuesta en una sola página, que no leen más.`,
      ),
    ],
    next: [
      line(
        'rodrigo',
        '0m',
        `Hola: el directorio aprobó la renovación por dos años. ¿Me envías el contrato para firma?

Saludos,`,
      ),
    ],
  },
  {
    key: 'leixo-consola',
    subject: 'Proposta para consola de despacho',
    language: 'pt',
    mails: [
      line(
        'paulo',
        '18 09:50',
        `Bom dia,

O Porto de Leixo pretende substituir a consola de despacho dos rebocadores (6 posições). Agradecíamos uma proposta com instalação até {+13}.

Com os melhores cumprimentos,`,
      ),
      line(
        'jane',
        '18 17:15',
        `Bom dia, Paulo,

Obrigada pelo contacto. As seis posições ficam na mesma sala? E que sistema de rádio utilizam (TETRA ou DMR)?

Cumprimentos,`,
      ),
      line(
        'paulo',
        '17 11:30',
        `Quatro na torre e duas na sala de crise. TETRA desde 2021; o VHF marítimo é analógico.

Com os melhores cumprimentos,`,
      ),
      line(
        'omar',
        '14 17:40',
        `Bom dia, Paulo,

Segue o esquema com o interface VHF. O prazo de fabrico é de dez semanas, a instalação demora quatro dias.

Cumprimentos,`,
        {
          files: [
            pdf(
              'Esquema-consola.pdf',
              'Consola de despacho',
              'Torre: 4 posições',
              'Sala de crise: 2 posições',
              'Interface VHF marítimo: 2 canais',
            ),
          ],
        },
      ),
      line(
        'paulo',
        '8 15:00',
        `Muito obrigado. A administração pede o preço separado por sala e uma opção com manutenção de cinco anos.

Com os melhores cumprimentos,`,
      ),
      line(
        'paulo',
        '1 10:20',
        `Bom dia,

Permito-me insistir: precisamos do preço separado até {+3} para o conselho de administração. Ainda é possível?

Com os melhores cumprimentos,`,
        {
          files: [
            sheet(
              'Quadro-de-precos.xlsx',
              ['Sala', 'Posições', 'Preço', 'Manutenção 5 anos'],
              ['Torre', 4, '', ''],
              ['Crise', 2, '', ''],
            ),
          ],
        },
      ),
    ],
    next: [
      line(
        'paulo',
        '0m',
        `Bom dia, uma pergunta adicional do nosso técnico: as consolas aceitam alimentação de 48 V em corrente contínua?

Com os melhores cumprimentos,`,
      ),
    ],
  },
]
